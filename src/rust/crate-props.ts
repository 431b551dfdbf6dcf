import { BundlingOptions } from './types';

/** Where Rust sources are, and how they are built. */
export interface RustSourceProps {
  /**
   * Path to the Cargo.toml of the crate or of its workspace, or to the folder that contains it.
   *
   * @default - Cargo.toml in the current folder
   */
  readonly manifestPath?: string;

  /**
   * Build options.
   *
   * @default - a release build
   */
  readonly bundling?: BundlingOptions;

  /**
   * Git repository with the sources, such as `https://github.com/your_user/your_repo`. `manifestPath` is relative to its root.
   *
   * For a private repository, use a credential helper of git. A user name and password in the URL are passed to git in its environment,
   * and are never shown.
   *
   * @default - the sources are on this machine
   */
  readonly gitRemote?: string;

  /**
   * Branch, tag or commit to check out.
   *
   * @default - the repository's default branch
   */
  readonly gitReference?: string;

  /**
   * Clone the repository again at every synthesis, even if the reference has not moved.
   *
   * @default false
   */
  readonly gitForceClone?: boolean;
}

/** Where a Rust crate is, and how its binary is built. */
export interface RustCrateProps extends RustSourceProps {
  /**
   * Name of the binary to build.
   *
   * @default - the only binary of the crate or workspace
   */
  readonly binaryName?: string;
}
