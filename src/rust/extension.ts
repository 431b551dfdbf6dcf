import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustCode } from './code';
import { BundlingOptions } from './types';

/** Properties of a RustExtension. */
export interface RustExtensionProps extends lambda.LayerVersionOptions {
  /**
   * The Cargo.toml of the crate or of its workspace, or the folder that it is in.
   *
   * @default - Cargo.toml in the current folder
   */
  readonly manifestPath?: string;

  /**
   * The binary to build. Lambda starts the extension under this name.
   *
   * @default - the only binary there is
   */
  readonly binaryName?: string;

  /**
   * How the crate is built.
   *
   * @default - a release build
   */
  readonly bundling?: BundlingOptions;

  /**
   * The architecture to compile for, and the only one that the layer is compatible with.
   *
   * @default Architecture.X86_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * A git repository to take the crate from, such as `https://github.com/your_user/your_repo`. `manifestPath` is relative to its root.
   *
   * @default - the crate is on this machine
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

/** A layer with a Lambda extension that is a Rust crate. */
export class RustExtension extends lambda.LayerVersion {
  constructor(scope: Construct, id: string, props: RustExtensionProps = {}) {
    const { manifestPath, binaryName, bundling, architecture: chosen, gitRemote, gitReference, gitForceClone, ...options } = props;
    const architecture = chosen ?? bundling?.architecture ?? lambda.Architecture.X86_64;
    super(scope, id, {
      ...options,
      compatibleArchitectures: [architecture],
      code: RustCode.extensionFromCrate({
        manifestPath, binaryName, bundling: { ...bundling, architecture }, gitRemote, gitReference, gitForceClone,
      }),
    });
  }
}
