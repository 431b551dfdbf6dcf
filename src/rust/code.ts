import { AssetHashType, DockerImage, Stack, Stage, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { bundle, bundleOfGroup, Group } from './build/bundle';
import { stageArtifact } from './build/cloud-assembly';
import { RustCrateProps } from './crate-props';
import { checkOptions, CrateOptions, findManifest } from './options/options';
import { UserError } from '../util/user-error';

/** Properties of Lambda code that is built from a Rust crate. */
export interface RustCodeProps extends RustCrateProps {}

/** Lambda code that cargo builds. */
export class RustCode extends lambda.Code {
  /** The code of a function: the binary as `bootstrap`. */
  public static fromCrate(props: RustCodeProps = {}): RustCode {
    return new RustCode({ ...props, kind: 'function' });
  }

  /** The code of a layer: the binary in `extensions`. */
  public static extensionFromCrate(props: RustCodeProps = {}): RustCode {
    return new RustCode({ ...props, kind: 'extension' });
  }

  /**
   * The code of a binary that is built together with others.
   *
   * @internal
   */
  public static _ofWorkspace(owner: object, props: RustCodeProps, binaries?: string[]): RustCode {
    return new RustCode({ ...props, kind: 'function' }, { owner, binaries });
  }

  public readonly isInline = false;

  /**
   * The architecture that the binary is compiled for, where it was chosen.
   *
   * @internal
   */
  public readonly _architecture?: lambda.Architecture;
  private readonly assets = new Map<Construct, Asset>();

  private constructor(private readonly crate: CrateOptions, private readonly group?: Group) {
    super();
    this._architecture = crate.bundling?.architecture;
  }

  /**
   * The same code for an architecture.
   *
   * @internal
   */
  public _for(architecture: lambda.Architecture): RustCode {
    return new RustCode({ ...this.crate, bundling: { ...this.crate.bundling, architecture } }, this.group);
  }

  /**
   * Builds the binary, unless its asset is there, and adds the asset to the stack.
   */
  public bind(scope: Construct): lambda.CodeConfig {
    const asset = this.asset(scope);
    this.assets.set(scope, asset);
    return { s3Location: { bucketName: asset.s3BucketName, objectKey: asset.s3ObjectKey } };
  }

  /**
   * Tells tools such as the SAM command line where the asset is.
   */
  public bindToResource(resource: CfnResource, options: lambda.ResourceBindOptions = {}): void {
    if (resource instanceof lambda.CfnFunction) {
      this.checkArchitecture(resource);
    }
    const asset = resource.node.scope && this.assets.get(resource.node.scope as Construct);
    asset?.addResourceMetadata(resource, options.resourceProperty ?? 'Code');
  }

  private asset(scope: Construct): Asset {
    const settings = checkOptions(this.crate);
    if (!Stack.of(scope).bundlingRequired) {
      return new Asset(scope, 'Code', notBundled());
    }
    const options = { ...settings, manifestPath: findManifest(this.crate) };
    const artifact = this.group ? bundleOfGroup(scope, options, this.group) : bundle(scope, options, [settings]).get(settings.binaryName)!;
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
 * The asset of a stack that is listed or destroyed, but not deployed: the CDK skips its bundling, so that nothing is built, copied or uploaded.
 */
function notBundled() {
  return {
    path: __dirname,
    assetHash: 'not-bundled',
    assetHashType: AssetHashType.CUSTOM,
    bundling: { image: DockerImage.fromRegistry('not-bundled') },
  };
}
