import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustCode } from './code';
import { RustCrateProps } from './crate-props';

/** Properties of a RustExtension. */
export interface RustExtensionProps extends lambda.LayerVersionOptions, RustCrateProps {
  /**
   * Architecture to compile for. The layer is compatible with this architecture only.
   *
   * @default Architecture.X86_64
   */
  readonly architecture?: lambda.Architecture;
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
