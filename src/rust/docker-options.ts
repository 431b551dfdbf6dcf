import { BundlingFileAccess, DockerVolume, ILocalBundling } from 'aws-cdk-lib';

/** Options of the container that builds a crate. */
export interface DockerOptions {
  /**
   * The entrypoint to run in the container.
   *
   * @default - the entrypoint of the image
   */
  readonly entrypoint?: string[];

  /**
   * The command to run in the container instead of `cargo lambda build`. It must write `<binary>/bootstrap` to `/asset-output`.
   *
   * @default - `cargo lambda build` with the arguments of a local build
   */
  readonly command?: string[];

  /**
   * Volumes to mount in addition to the sources, the output and cargo's caches.
   *
   * @default - no additional volumes
   */
  readonly volumes?: DockerVolume[];

  /**
   * Names of containers whose volumes are mounted.
   *
   * @default - no containers
   */
  readonly volumesFrom?: string[];

  /**
   * The working directory of the command.
   *
   * @default - the folder of Cargo.toml in the container
   */
  readonly workingDirectory?: string;

  /**
   * The user to run the command as: `user`, `user:group`, `uid` or `uid:gid`.
   *
   * @default - uid:gid of the current user, or 1000:1000 on Windows
   */
  readonly user?: string;

  /**
   * Not used. It exists for compatibility with cargo-lambda-cdk: the crate is built on this machine if the tools are installed.
   *
   * @default - not used
   */
  readonly local?: ILocalBundling;

  /**
   * The security configuration of the container (`docker run --security-opt`).
   *
   * @default - no security options
   */
  readonly securityOpt?: string;

  /**
   * The network that the container is connected to.
   *
   * @default - Docker's default network
   */
  readonly network?: string;

  /**
   * How the container gets the sources, and how its output is read. Use `VOLUME_COPY` for a daemon that cannot mount local files.
   *
   * @default BundlingFileAccess.BIND_MOUNT
   */
  readonly bundlingFileAccess?: BundlingFileAccess;
}
