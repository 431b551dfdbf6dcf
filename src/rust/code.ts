import { AssetHashType, DockerImage, Stack, Stage, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BinaryGroup, bundle, bundleGroup } from './build/bundle';
import { stageArtifact } from './build/cloud-assembly';
import { RustCrateProps } from './crate-props';
import { checkOptions, CrateOptions, findManifest } from './options/options';
import { UserError } from '../util/user-error';

/** Properties of Lambda code that is built from a Rust crate. */
export interface RustCodeProps extends RustCrateProps {}

/** Lambda code that is built from a Rust crate with cargo-lambda. */
export class RustCode extends lambda.Code {
  /** Code of a Lambda function. The asset contains the binary as `bootstrap`. */
  public static fromCrate(props: RustCodeProps = {}): RustCode {
    return new RustCode({ ...props, kind: 'function' });
  }

  /** Code of a layer with a Lambda extension. The asset contains the binary in the folder `extensions`, under its own name. */
  public static fromExtensionCrate(props: RustCodeProps = {}): RustCode {
    return new RustCode({ ...props, kind: 'extension' });
  }

  /**
   * Code of a binary that is built together with others.
   *
   * @internal
   */
  public static _fromWorkspace(owner: object, props: RustCodeProps, binaries?: string[]): RustCode {
    return new RustCode({ ...props, kind: 'function' }, { owner, binaries });
  }

  public readonly isInline = false;

  /**
   * The architecture that the binary is compiled for, if the user has chosen one.
   *
   * @internal
   */
  public readonly _architecture?: lambda.Architecture;
  private readonly assets = new Map<Construct, Asset>();

  private constructor(private readonly crate: CrateOptions, private readonly group?: BinaryGroup) {
    super();
    this._architecture = crate.bundling?.architecture;
  }

  /**
   * Return the same code, compiled for an architecture.
   *
   * @internal
   */
  public _for(architecture: lambda.Architecture): RustCode {
    return new RustCode({ ...this.crate, bundling: { ...this.crate.bundling, architecture } }, this.group);
  }

  /**
   * Build the binary, unless it is up to date, and add its asset to the stack.
   */
  public bind(scope: Construct): lambda.CodeConfig {
    const asset = this.createAsset(scope);
    this.assets.set(scope, asset);
    return { s3Location: { bucketName: asset.s3BucketName, objectKey: asset.s3ObjectKey } };
  }

  /**
   * Add the path of the asset to the metadata of the resource, for tools such as the SAM CLI.
   */
  public bindToResource(resource: CfnResource, options: lambda.ResourceBindOptions = {}): void {
    if (resource instanceof lambda.CfnFunction) {
      this.checkArchitecture(resource);
    }
    const asset = resource.node.scope && this.assets.get(resource.node.scope as Construct);
    asset?.addResourceMetadata(resource, options.resourceProperty ?? 'Code');
  }

  private createAsset(scope: Construct): Asset {
    const settings = checkOptions(this.crate);
    if (!Stack.of(scope).bundlingRequired) {
      return new Asset(scope, 'Code', unbundledAsset());
    }
    const options = { ...settings, manifestPath: findManifest(this.crate) };
    const artifact = this.group ? bundleGroup(scope, options, this.group)
      : bundle(scope, options, [settings]).get(settings.binaryName)!;
    stageArtifact(artifact, Stage.of(scope)!.assetOutdir);
    return new Asset(scope, 'Code', { path: artifact.path, assetHash: artifact.hash, assetHashType: AssetHashType.CUSTOM });
  }

  private checkArchitecture(resource: lambda.CfnFunction): void {
    const built = (this._architecture ?? lambda.Architecture.X86_64).name;
    const runs = resource.architectures?.[0] ?? lambda.Architecture.X86_64.name;
    if (!Token.isUnresolved(runs) && built !== runs) {
      throw new UserError(`${resource.node.path}: the function's architecture is ${runs}, but its code is built for ${built}: `
        + 'use a RustFunction, or set bundling.architecture of the code to the same');
    }
  }
}

/**
 * Return the asset of a stack that is listed or destroyed, but not deployed. The CDK skips its bundling, so nothing is built, copied or
 * uploaded.
 */
function unbundledAsset() {
  return {
    path: __dirname,
    assetHash: 'not-bundled',
    assetHashType: AssetHashType.CUSTOM,
    bundling: { image: DockerImage.fromRegistry('not-bundled') },
  };
}
