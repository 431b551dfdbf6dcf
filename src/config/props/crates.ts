import { join } from 'node:path';
import { McpRustLambdaProps } from '../../mcp-rust-lambda-props';
import { BundlingOptions, RustCompiler, RustWorkspace } from '../../rust';
import type { Deployment } from '../load/deploy-file';
import { widgetOutputs } from '../widgets/widgets';

/** The build of a server, as properties of its construct. */
export type Crate = Pick<McpRustLambdaProps, 'manifestPath' | 'binaryName' | 'bundling' | 'code'>;

/**
 * The build of each server of a file. Servers with the same build options share one run of cargo.
 */
export function cratesOf(deployments: readonly Deployment[], root: string): Crate[] {
  const single = deployments.length === 1;
  const crates = deployments.map((deployment) => ({
    manifestPath: join(root, deployment.build.manifest_path),
    binaryName: deployment.build.binary ?? (single ? undefined : deployment.server.name),
    bundling: bundling(deployment, root),
  }));
  if (single) return crates;

  const buildOf = ({ manifestPath, bundling: options }: typeof crates[number]) => JSON.stringify([manifestPath, options]);
  const workspaces = new Map(crates.map((crate) => {
    const { manifestPath, bundling: options } = crate;
    const binaries = crates.filter((other) => buildOf(other) === buildOf(crate)).map((other) => other.binaryName!);
    return [buildOf(crate), new RustWorkspace({ manifestPath, bundling: options, binaries })];
  }));
  return crates.map((crate) => ({ code: workspaces.get(buildOf(crate))!.code(crate.binaryName!) }));
}

const COMPILERS: Readonly<Record<Deployment['build']['compiler'], RustCompiler>> = {
  'cargo-zigbuild': RustCompiler.ZIG,
  'cargo': RustCompiler.CARGO,
  'cross': RustCompiler.CROSS,
};

function bundling(deployment: Deployment, root: string): BundlingOptions {
  const { build, assets } = deployment;
  return {
    packageName: build.package,
    features: build.features,
    noDefaultFeatures: build.no_default_features,
    profile: build.profile,
    locked: build.locked,
    compiler: COMPILERS[build.compiler],
    cargoLambdaFlags: build.flags,
    environment: build.environment,
    hookInputs: widgetOutputs(deployment, root),
    assets: assets.include.length === 0 ? undefined : {
      include: assets.include,
      exclude: assets.exclude,
      baseDir: join(root, assets.base_dir ?? '.'),
    },
  };
}
