import { dirname } from 'node:path';
import { run } from '../../util/process/exec';
import { UserError } from '../../util/user-error';

/** A package of a workspace, as far as it matters here. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly manifestPath: string;
  readonly bins: string[];
  readonly features: string[];
  readonly defaultRun?: string;
  /** What `[package.metadata.lambda.build]` has for a compiler. */
  readonly compiler?: string;
}

/** A workspace as `cargo metadata` describes it. */
export interface Workspace {
  readonly root: string;
  readonly targetDirectory: string;
  readonly packages: Package[];
}

/** Asks cargo about a workspace. Throws with cargo's own message when a Cargo.toml cannot be read. */
export function readWorkspace(manifestPath: string, env: NodeJS.ProcessEnv): Workspace {
  const args = ['metadata', '--no-deps', '--format-version', '1', '--manifest-path', manifestPath];
  const outcome = run('cargo', args, { cwd: dirname(manifestPath), env });
  if (!outcome.ok) {
    throw new UserError(`cargo cannot read ${manifestPath}:\n${outcome.stderr.trim()}`);
  }
  return parseWorkspace(outcome.stdout);
}

/** Reads the output of `cargo metadata --no-deps`. */
export function parseWorkspace(output: string, outside: (path: string) => string = (path) => path): Workspace {
  const metadata = JSON.parse(output);
  const members = new Set<string>(metadata.workspace_members);
  return {
    root: outside(metadata.workspace_root),
    targetDirectory: outside(metadata.target_directory),
    packages: metadata.packages.filter((pkg: { id: string }) => members.has(pkg.id)).map(toPackage)
      .map((pkg: Package) => ({ ...pkg, manifestPath: outside(pkg.manifestPath) })),
  };
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- cargo's JSON has no types here */
function toPackage(pkg: any): Package {
  const targets: { name: string; kind: string[] }[] = pkg.targets;
  return {
    name: pkg.name,
    version: pkg.version,
    manifestPath: pkg.manifest_path,
    bins: targets.filter((target) => target.kind.includes('bin')).map((target) => target.name),
    features: Object.keys(pkg.features),
    defaultRun: pkg.default_run ?? undefined,
    compiler: pkg.metadata?.lambda?.build?.compiler?.type,
  };
}
