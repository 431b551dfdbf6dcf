import { RustCode, RustCodeProps } from './code';
import { RustSourceProps } from './crate-props';
import { UserError } from '../util/user-error';

/** Properties of a RustWorkspace. */
export interface RustWorkspaceProps extends RustSourceProps {
  /**
   * Names of the binaries to build together.
   *
   * @default - all binaries of the workspace
   */
  readonly binaries?: string[];
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
