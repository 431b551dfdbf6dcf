import { RustCode } from './code';
import { RustSourceProps } from './crate-props';
import { UserError } from '../util/user-error';

/** Properties of a RustWorkspace. */
export interface RustWorkspaceProps extends RustSourceProps {
  /**
   * The names of the binaries to build together.
   *
   * @default - all binaries of the workspace
   */
  readonly binaries?: string[];
}

/**
 * A Cargo workspace whose binaries are built together. One run of cargo for all binaries is faster than one run for each.
 *
 * ```ts
 * const workspace = new RustWorkspace({ manifestPath: '../Cargo.toml' });
 * new RustFunction(this, 'Orders', { code: workspace.code('orders') });
 * new RustFunction(this, 'Stock', { code: workspace.code('stock') });
 * ```
 */
export class RustWorkspace {
  private readonly source: RustSourceProps;
  private readonly binaries?: string[];

  constructor(props: RustWorkspaceProps = {}) {
    const { binaries, ...source } = props;
    if (binaries?.length === 0) {
      throw new UserError('binaries: expected at least one name, got an empty list; leave it out to build all binaries of the workspace');
    }
    this.source = source;
    this.binaries = binaries && [...new Set(binaries)];
  }

  /**
   * Return the code of one binary. The first function that uses a binary of the workspace builds all of them.
   */
  public code(binaryName: string): RustCode {
    if (this.binaries && !this.binaries.includes(binaryName)) {
      const known = this.binaries.map((name) => `"${name}"`).join(', ');
      throw new UserError(`the workspace does not build "${binaryName}", only ${known}: add it to binaries`);
    }
    return RustCode._fromWorkspace(this, { ...this.source, binaryName }, this.binaries);
  }
}
