import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { DockerOptions } from './docker-options';

/** The compiler of `cargo lambda build`, with its linker. */
export enum RustCompiler {
  /** `cargo zigbuild`: cross-compilation with Zig as the linker, for the C library of Amazon Linux. */
  ZIG = 'cargo-zigbuild',
  /** `cargo build`. Needs a linker for the target. */
  CARGO = 'cargo',
  /** `cross build`: compilation in the containers of the cross project. Needs Docker. */
  CROSS = 'cross',
}

/** Additional files in the asset, next to the binary. */
export interface RustAssets {
  /**
   * Globs of the files to include, relative to `baseDir`, such as `config/*.json` or `templates/**`.
   *
   * A glob that matches no file, or that leaves `baseDir`, is an error.
   */
  readonly include: string[];

  /**
   * Globs of the files to exclude, relative to `baseDir`.
   *
   * @default - no file is excluded
   */
  readonly exclude?: string[];

  /**
   * The folder of the globs, relative to the folder of Cargo.toml. Files have the same path in the asset as in this folder.
   *
   * @default - the folder of Cargo.toml
   */
  readonly baseDir?: string;
}

/** Shell commands that run before and after cargo, on this machine or in the container. */
export interface ICommandHooks {
  /**
   * Return shell commands to run before cargo. If one fails, the build fails.
   *
   * @param inputDir the folder of Cargo.toml
   * @param outputDir the folder whose content becomes the asset
   */
  beforeBundling(inputDir: string, outputDir: string): string[];

  /**
   * Return shell commands to run when the binary is in `outputDir`. If one fails, the build fails.
   *
   * @param inputDir the folder of Cargo.toml
   * @param outputDir the folder whose content becomes the asset
   */
  afterBundling(inputDir: string, outputDir: string): string[];
}

/** Build options. */
export interface BundlingOptions {
  /**
   * The architecture to compile for.
   *
   * @default - the function's or the extension's architecture
   */
  readonly architecture?: Architecture;

  /**
   * The name of the package with the binary. Needed if two packages of the workspace have a binary of the same name.
   *
   * @default - the package that has the binary
   */
  readonly packageName?: string;

  /**
   * Cargo features to enable.
   *
   * @default - the crate's default features
   */
  readonly features?: string[];

  /**
   * Enable all features of the crate.
   *
   * @default false
   */
  readonly allFeatures?: boolean;

  /**
   * Disable the default features of the crate.
   *
   * @default false
   */
  readonly noDefaultFeatures?: boolean;

  /**
   * The cargo profile: `release`, `dev`, or a custom profile of the workspace.
   *
   * @default release
   */
  readonly profile?: string;

  /**
   * Fail if Cargo.lock is missing or not up to date.
   *
   * @default false
   */
  readonly locked?: boolean;

  /**
   * The CPU to optimize for, from the list of `rustc --print target-cpus`.
   *
   * @default - the choice of cargo-lambda: neoverse-n1 for arm64, haswell for x86_64
   */
  readonly targetCpu?: string;

  /**
   * The compiler, with its linker.
   *
   * @default RustCompiler.ZIG
   */
  readonly compiler?: RustCompiler;

  /**
   * Additional flags of `cargo lambda build`, one argument per string. They do not pass through a shell.
   *
   * @default - no additional flags
   */
  readonly cargoLambdaFlags?: string[];

  /**
   * Environment variables of cargo and the hooks, in addition to those of this process. Credentials of this process are not passed to
   * builds; see docs/bundling.md.
   *
   * @default - only the variables of this process, without credentials
   */
  readonly environment?: { [key: string]: string };

  /**
   * The target directory of cargo, relative to the folder of Cargo.toml.
   *
   * @default - the default of cargo: CARGO_TARGET_DIR, `build.target-dir` of its configuration, or `target` in the workspace
   */
  readonly targetDirectory?: string;

  /**
   * Shell commands to run before and after cargo.
   *
   * @default - no commands
   */
  readonly commandHooks?: ICommandHooks;

  /**
   * Globs of the files that the hooks read, relative to the folder of Cargo.toml. If one changes, the crate is built again.
   *
   * @default - only the inputs of cargo and the text of the hooks
   */
  readonly hookInputs?: string[];

  /**
   * Additional files in the asset.
   *
   * @default - only the binary
   */
  readonly assets?: RustAssets;

  /**
   * Force building in a Docker container, even if the local tools can build the crate.
   *
   * @default false
   */
  readonly forceDockerBundling?: boolean;

  /**
   * Same as `forceDockerBundling`, under the name in cargo-lambda-cdk.
   *
   * @default false
   */
  readonly forcedDockerBundling?: boolean;

  /**
   * The Docker image to build in, with cargo and cargo-lambda. Use a digest (`name@sha256:...`) rather than a tag for reproducible builds.
   *
   * @default - the image of cargo-lambda, at a pinned version
   */
  readonly dockerImage?: DockerImage;

  /**
   * Options of the container.
   *
   * @default - the defaults of the CDK for bundling containers
   */
  readonly dockerOptions?: DockerOptions;

  /**
   * How the asset hash is computed. `SOURCE` is a fingerprint of everything that the build depends on, `OUTPUT` a hash of the built files.
   *
   * @default - AssetHashType.SOURCE, or AssetHashType.CUSTOM if `assetHash` is given
   */
  readonly assetHashType?: AssetHashType;

  /**
   * A custom asset hash. The crate is then built only if this value changes.
   *
   * @default - the fingerprint of everything that the build depends on
   */
  readonly assetHash?: string;
}
