import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustCode } from './code';
import { RustCrateProps } from './crate-props';

/** Properties of a RustExtension. */
export interface RustExtensionProps extends lambda.LayerVersionOptions, RustCrateProps {
  /**
   * The architecture to compile for. The layer is compatible with this architecture only.
   *
   * @default Architecture.X86_64
   */
  readonly architecture?: lambda.Architecture;
}

/**
 * A Lambda layer with an external extension that is built from a Rust crate.
 *
 * Lambda starts the extension under the name of its binary.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html
 */
export class RustExtension extends lambda.LayerVersion {
  constructor(scope: Construct, id: string, props: RustExtensionProps = {}) {
    const { manifestPath, binaryName, bundling, architecture: chosen, gitRemote, gitReference, gitForceClone, ...options } = props;
    const architecture = chosen ?? bundling?.architecture ?? lambda.Architecture.X86_64;
    super(scope, id, {
      ...options,
      compatibleArchitectures: [architecture],
      code: RustCode.fromExtensionCrate({
        manifestPath, binaryName, bundling: { ...bundling, architecture }, gitRemote, gitReference, gitForceClone,
      }),
    });
  }
}
