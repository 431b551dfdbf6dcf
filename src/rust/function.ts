import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustCode } from './code';
import { RustCrateProps } from './crate-props';
import { UserError } from '../util/user-error';

/** Properties of a RustFunction. */
export interface RustFunctionProps extends lambda.FunctionOptions, RustCrateProps {
  /**
   * Code that is already built, or that a `RustWorkspace` builds. Cannot be combined with `manifestPath`, `binaryName`, `bundling`,
   * `gitRemote`, `gitReference` and `gitForceClone`.
   *
   * @default - the crate is built
   */
  readonly code?: lambda.Code;

  /**
   * The name of the Lambda runtime: `provided.al2023` or `provided.al2`.
   *
   * This is a string, rather than a `Runtime`, for compatibility with cargo-lambda-cdk.
   *
   * @default provided.al2023
   */
  readonly runtime?: string;
}

/**
 * A Lambda function whose code is built from a Rust crate.
 *
 * Its architecture is x86_64 by default, like that of every Lambda function of the CDK; `McpRustLambda` has arm64 by default.
 */
export class RustFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: RustFunctionProps = {}) {
    const { manifestPath, binaryName, bundling, code, runtime, gitRemote, gitReference, gitForceClone, ...options } = props;
    const architecture = options.architecture ?? bundling?.architecture
      ?? (code instanceof RustCode ? code._architecture : undefined) ?? lambda.Architecture.X86_64;
    if (bundling?.architecture && bundling.architecture.name !== architecture.name) {
      throw new UserError(`${id}: bundling.architecture is ${bundling.architecture.name}, `
        + `but the function's architecture is ${architecture.name}: give only the function's "architecture"`);
    }
    const crate = { manifestPath, binaryName, bundling, gitRemote, gitReference, gitForceClone };
    super(scope, id, {
      ...options,
      architecture,
      runtime: findRuntime(id, runtime),
      handler: 'bootstrap',
      code: code ? prebuiltCode(id, code, architecture, crate) : RustCode.fromCrate({ ...crate, bundling: { ...bundling, architecture } }),
    });
  }
}

function prebuiltCode(id: string, code: lambda.Code, architecture: lambda.Architecture, crate: RustCrateProps): lambda.Code {
  const extra = Object.entries(crate).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (extra.length > 0) {
    throw new UserError(`${id}: "code" is given, so that nothing is built, but so is "${extra.join('", "')}": give one or the other`);
  }
  if (!(code instanceof RustCode)) {
    return code;
  }
  if (code._architecture && code._architecture.name !== architecture.name) {
    throw new UserError(`${id}: the function's architecture is ${architecture.name}, but its code is built for ${code._architecture.name}: `
      + 'set one of them, or both to the same');
  }
  return code._for(architecture);
}

function findRuntime(id: string, name: string = 'provided.al2023'): lambda.Runtime {
  const known = [lambda.Runtime.PROVIDED_AL2023, lambda.Runtime.PROVIDED_AL2];
  const runtime = known.find((candidate) => candidate.name === name);
  if (!runtime) {
    const names = known.map((candidate) => candidate.name).join(' or ');
    throw new UserError(`${id}: runtime "${name}" does not run Rust binaries: use ${names}`);
  }
  return runtime;
}
