import { RustCode, RustCodeProps } from './code';
import { BundlingOptions } from './types';
import { UserError } from '../util/user-error';

/** Properties of a RustWorkspace. */
export interface RustWorkspaceProps {
  /**
   * The Cargo.toml of the workspace, or the folder that it is in.
   *
   * @default - Cargo.toml in the current folder
   */
  readonly manifestPath?: string;

  /**
   * The binaries to build together.
   *
   * @default - all binaries of the workspace
   */
  readonly binaries?: string[];

  /**
   * How the binaries are built.
   *
   * @default - release builds for the architecture of each function
   */
  readonly bundling?: BundlingOptions;

  /**
   * A git repository to take the workspace from, such as `https://github.com/your_user/your_repo`. `manifestPath` is relative to its root.
   *
   * @default - the workspace is on this machine
   */
  readonly gitRemote?: string;

  /**
   * The branch, tag or commit to take.
   *
   * @default - the repository's default branch
   */
  readonly gitReference?: string;

  /**
   * Clone again at every synth, even when the reference has not moved.
   *
   * @default false
   */
  readonly gitForceClone?: boolean;
}

/**
 * Binaries of a workspace that one run of cargo builds together, which is faster than a run for each.
 *
 * ```ts
 * const workspace = new RustWorkspace({ manifestPath: '../Cargo.toml' });
 * new RustFunction(this, 'Orders', { code: workspace.code('orders') });
 * new RustFunction(this, 'Stock', { code: workspace.code('stock') });
 * ```
 */
export class RustWorkspace {
  private readonly crate: RustCodeProps;
  private readonly binaries?: string[];

  constructor(props: RustWorkspaceProps = {}) {
    const { binaries, ...crate } = props;
    if (binaries?.length === 0) {
      throw new UserError('binaries: expected at least one name, got an empty list; leave it out to build all binaries of the workspace');
    }
    this.crate = crate;
    this.binaries = binaries && [...new Set(binaries)];
  }

  /**
   * The code of one binary. The first function that needs one of them builds them all.
   */
  public code(binaryName: string): RustCode {
    if (this.binaries && !this.binaries.includes(binaryName)) {
      throw new UserError(`the workspace does not build "${binaryName}", only ${this.binaries.map((name) => `"${name}"`).join(', ')}: add it to binaries`);
    }
    return RustCode._ofWorkspace(this, { ...this.crate, binaryName }, this.binaries);
  }
}
