import { dirname } from 'node:path';
import { run } from '../../util/process/exec';
import { UserError } from '../../util/user-error';

/** A package of a workspace: the part of `cargo metadata` that builds need. */
export interface CargoPackage {
  readonly name: string;
  readonly version: string;
  readonly manifestPath: string;
  readonly bins: string[];
  readonly features: string[];
  readonly defaultRun?: string;
}

/** A workspace as `cargo metadata` describes it. */
export interface CargoWorkspace {
  readonly root: string;
  readonly targetDirectory: string;
  readonly packages: CargoPackage[];
}

export const METADATA_ARGUMENTS = ['metadata', '--no-deps', '--format-version', '1'];

/**
 * Run `cargo metadata` for a Cargo.toml.
 *
 * @throws UserError with cargo's own message if cargo cannot read it
 */
export function readWorkspace(manifestPath: string, env: NodeJS.ProcessEnv): CargoWorkspace {
  const result = run('cargo', [...METADATA_ARGUMENTS, '--manifest-path', manifestPath], { cwd: dirname(manifestPath), env });
  if (!result.ok) {
    throw new UserError(`cargo cannot read ${manifestPath}:\n${result.stderr.trim()}`);
  }
  return parseWorkspace(result.stdout);
}

/** Parse the output of `cargo metadata --no-deps`. */
export function parseWorkspace(output: string, toHostPath: (path: string) => string = (path) => path): CargoWorkspace {
  const metadata = JSON.parse(output);
  const members = new Set<string>(metadata.workspace_members);
  return {
    root: toHostPath(metadata.workspace_root),
    targetDirectory: toHostPath(metadata.target_directory),
    packages: metadata.packages.filter((pkg: { id: string }) => members.has(pkg.id)).map(toPackage)
      .map((pkg: CargoPackage) => ({ ...pkg, manifestPath: toHostPath(pkg.manifestPath) })),
  };
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- cargo's JSON has no types here */
function toPackage(pkg: any): CargoPackage {
  const targets: { name: string; kind: string[] }[] = pkg.targets;
  return {
    name: pkg.name,
    version: pkg.version,
    manifestPath: pkg.manifest_path,
    bins: targets.filter((target) => target.kind.includes('bin')).map((target) => target.name),
    features: Object.keys(pkg.features),
    defaultRun: pkg.default_run ?? undefined,
  };
}
