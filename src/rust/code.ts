import { AssetHashType, DockerImage, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { bundle } from './bundle';
import { checkOptions, CrateOptions, findManifest } from './options';
import { stageArtifact } from './stage';
import { BundlingOptions } from './types';

/** Where a crate is, and how it becomes an asset. */
export interface RustCodeProps {
  /**
   * The Cargo.toml of the crate or of its workspace, or the folder that it is in.
   *
   * @default - Cargo.toml in the current folder
   */
  readonly manifestPath?: string;

  /**
   * The binary to build.
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
   * Clone again, even when the repository was cloned before.
   *
   * @default false
   */
  readonly gitForceClone?: boolean;
}

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

  public readonly isInline = false;
  private readonly assets = new Map<Construct, Asset>();

  private constructor(private readonly crate: CrateOptions) {
    super();
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
    const asset = resource.node.scope && this.assets.get(resource.node.scope as Construct);
    asset?.addResourceMetadata(resource, options.resourceProperty ?? 'Code');
  }

  private asset(scope: Construct): Asset {
    const settings = checkOptions(this.crate);
    if (!Stack.of(scope).bundlingRequired) {
      return new Asset(scope, 'Code', notBundled());
    }
    const [artifact] = bundle(scope, { ...settings, manifestPath: findManifest(this.crate) }, [settings]);
    stageArtifact(artifact, Stage.of(scope)!.assetOutdir);
    return new Asset(scope, 'Code', {
      path: artifact.path,
      assetHash: artifact.hash,
      assetHashType: AssetHashType.CUSTOM,
    });
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
