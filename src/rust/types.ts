import { AssetHashType, BundlingFileAccess, DockerImage, DockerVolume, ILocalBundling } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';

/** What `cargo lambda build` compiles and links with. */
export enum RustCompiler {
  /** `cargo zigbuild`: cross-compiles with Zig as the linker, for the C library of Amazon Linux. */
  ZIG = 'cargo-zigbuild',
  /** Plain `cargo build`: needs a linker for the target. */
  CARGO = 'cargo',
  /** `cross build`: compiles in the containers of the cross project. */
  CROSS = 'cross',
}

/** Extra files that are shipped next to the binary. */
export interface RustAssets {
  /**
   * Globs of the files, relative to `baseDir`, such as `config/*.json` or `templates/**`.
   *
   * A glob that matches nothing is an error, and so is one that leaves `baseDir`.
   */
  readonly include: string[];

  /**
   * Globs of the files that are left out, relative to `baseDir`.
   *
   * @default - nothing is left out
   */
  readonly exclude?: string[];

  /**
   * The folder that the globs start in, and that the files keep their paths from. Relative to the folder of Cargo.toml.
   *
   * @default - the folder of Cargo.toml
   */
  readonly baseDir?: string;
}

/** Commands that run before and after cargo, where cargo runs: on this machine, or in the container. */
export interface ICommandHooks {
  /**
   * Returns shell commands that run before cargo. Each must succeed for the next to run.
   *
   * @param inputDir the folder of Cargo.toml
   * @param outputDir the folder whose content becomes the asset
   */
  beforeBundling(inputDir: string, outputDir: string): string[];

  /**
   * Returns shell commands that run once the binary is in `outputDir`. Each must succeed for the next to run.
   *
   * @param inputDir the folder of Cargo.toml
   * @param outputDir the folder whose content becomes the asset
   */
  afterBundling(inputDir: string, outputDir: string): string[];
}

/** How the container runs when a crate is built in Docker. */
export interface DockerOptions {
  /**
   * The entrypoint of the container.
   *
   * @default - the entrypoint of the image
   */
  readonly entrypoint?: string[];

  /**
   * The command of the container, instead of `cargo lambda build`. It must leave `<binary>/bootstrap` in `/asset-output`.
   *
   * @default - `cargo lambda build` with the arguments of a local build
   */
  readonly command?: string[];

  /**
   * Volumes to mount besides the sources, the output and cargo's caches.
   *
   * @default - none
   */
  readonly volumes?: DockerVolume[];

  /**
   * Containers to mount volumes from.
   *
   * @default - none
   */
  readonly volumesFrom?: string[];

  /**
   * The folder that the command runs in.
   *
   * @default - the folder of Cargo.toml in the container
   */
  readonly workingDirectory?: string;

  /**
   * The user of the container: `user`, `user:group`, `uid` or `uid:gid`.
   *
   * @default - uid:gid of the current user, or 1000:1000 on Windows
   */
  readonly user?: string;

  /**
   * Builds in place of cargo. When it returns false, the container builds.
   *
   * @default - cargo on this machine, when its tools are there
   */
  readonly local?: ILocalBundling;

  /**
   * The security options of the container.
   *
   * @default - none
   */
  readonly securityOpt?: string;

  /**
   * The network of the container.
   *
   * @default - Docker's default network
   */
  readonly network?: string;

  /**
   * How the sources get into the container, and the binary out of it.
   *
   * @default BundlingFileAccess.BIND_MOUNT
   */
  readonly bundlingFileAccess?: BundlingFileAccess;
}

/** How a crate becomes an asset. */
export interface BundlingOptions {
  /**
   * The architecture to compile for.
   *
   * @default - the function's or the extension's architecture
   */
  readonly architecture?: Architecture;

  /**
   * The package that the binary is in, where two packages of the workspace have a binary of that name.
   *
   * @default - the package that has the binary
   */
  readonly packageName?: string;

  /**
   * Features to enable.
   *
   * @default - the crate's default features
   */
  readonly features?: string[];

  /**
   * Enable all features.
   *
   * @default false
   */
  readonly allFeatures?: boolean;

  /**
   * Do not enable the crate's default features.
   *
   * @default false
   */
  readonly noDefaultFeatures?: boolean;

  /**
   * The cargo profile: `release`, `dev`, or one from `[profile.*]` in the workspace's Cargo.toml.
   *
   * @default release
   */
  readonly profile?: string;

  /**
   * Fail when Cargo.lock is missing or would have to change.
   *
   * @default false
   */
  readonly locked?: boolean;

  /**
   * The CPU to optimize for, one of `rustc --print target-cpus`.
   *
   * @default - cargo-lambda's choice for Lambda: neoverse-n1 or haswell
   */
  readonly targetCpu?: string;

  /**
   * What to compile and link with.
   *
   * @default RustCompiler.ZIG
   */
  readonly compiler?: RustCompiler;

  /**
   * Further flags of `cargo lambda build`, one argument each. They never pass through a shell.
   *
   * @default - none
   */
  readonly cargoLambdaFlags?: string[];

  /**
   * Environment variables of cargo and of the hooks, beside those of this process that are no credentials (docs/bundling.md lists what
   * is left out).
   *
   * @default - only those of this process, without credentials
   */
  readonly environment?: { [key: string]: string };

  /**
   * Where cargo keeps its build. Relative to the folder of Cargo.toml.
   *
   * @default - as cargo says: CARGO_TARGET_DIR, `build.target-dir` of its configuration, or `target` in the workspace
   */
  readonly targetDirectory?: string;

  /**
   * Commands before and after cargo.
   *
   * @default - none
   */
  readonly commandHooks?: ICommandHooks;

  /**
   * Globs of the files that the hooks read, relative to the folder of Cargo.toml. A change to one of them builds again.
   *
   * @default - only what cargo reads, and the text of the hooks
   */
  readonly hookInputs?: string[];

  /**
   * Files to ship next to the binary.
   *
   * @default - the asset is the binary alone
   */
  readonly assets?: RustAssets;

  /**
   * Build in Docker even where the local tools would do.
   *
   * @default false
   */
  readonly forceDockerBundling?: boolean;

  /**
   * The same as `forceDockerBundling`, by the name that cargo-lambda-cdk has for it.
   *
   * @default false
   */
  readonly forcedDockerBundling?: boolean;

  /**
   * The image to build in. It must have cargo and cargo-lambda. A digest (`name@sha256:...`) in place of a tag is always the same image.
   *
   * @default - cargo-lambda's own image, at a pinned version
   */
  readonly dockerImage?: DockerImage;

  /**
   * How the container runs.
   *
   * @default - as the CDK runs its bundling containers
   */
  readonly dockerOptions?: DockerOptions;

  /**
   * What the asset hash is made from. `SOURCE` is the fingerprint of everything that the build depends on.
   *
   * @default AssetHashType.SOURCE, or AssetHashType.CUSTOM when `assetHash` is given
   */
  readonly assetHashType?: AssetHashType;

  /**
   * A hash of your own. The build is then only repeated when this value changes.
   *
   * @default - the fingerprint of everything that the build depends on
   */
  readonly assetHash?: string;
}
