import { Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SynthSession } from './synth-session';
import { cacheFolder } from '../../util/cache-dir';
import { ancestors, hashText, writeAtomic } from '../../util/files';
import { configPaths } from '../cargo/config-files';
import { CargoWorkspace } from '../cargo/metadata';
import { FileStats, SeenFile } from '../fingerprint/file-stats';

/** A workspace in the cache, with all that is needed to detect, without cargo, that it has not changed. */
interface WorkspaceRecord {
  readonly workspace: CargoWorkspace;
  readonly seen: SeenFile[];
  /** Folders, each with a hash of the names in it that can be targets or members. */
  readonly names: { readonly [folder: string]: string };
}

/**
 * Return the workspace of a Cargo.toml. Calls `read` only if the workspace is not in the cache or has changed.
 */
export function cachedWorkspace(
  session: SynthSession, manifestPath: string, env: NodeJS.ProcessEnv, read: () => CargoWorkspace,
): CargoWorkspace {
  const variables = JSON.stringify(['CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR', 'CARGO_HOME'].map((name) => env[name] ?? ''));
  const known = session.workspaces.find((candidate) => candidate.env === variables && hasManifest(candidate.workspace, manifestPath));
  if (known) {
    return known.workspace;
  }
  const file = join(cacheFolder(), 'workspaces', `${hashText(JSON.stringify([manifestPath, variables]))}.json`);
  const workspace = readCached(file, session.files) ?? writeCached(file, read(), manifestPath, session.files, env);
  session.workspaces.push({ env: variables, workspace });
  return workspace;
}

function hasManifest(workspace: CargoWorkspace, manifestPath: string): boolean {
  return workspace.packages.some((pkg) => pkg.manifestPath === manifestPath) || join(workspace.root, 'Cargo.toml') === manifestPath;
}

function readCached(file: string, files: FileStats): CargoWorkspace | undefined {
  let record: WorkspaceRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf-8'));
  } catch {
    return undefined;
  }
  const isSame = record.seen.every((seen) => files.isSame(seen))
    && Object.entries(record.names).every(([folder, hash]) => hashNames(folder) === hash);
  return isSame ? record.workspace : undefined;
}

function writeCached(
  file: string, workspace: CargoWorkspace, manifestPath: string, files: FileStats, env: NodeJS.ProcessEnv,
): CargoWorkspace {
  const roots = workspace.packages.map((pkg) => dirname(pkg.manifestPath));
  const paths = new Set([
    ...ancestors(dirname(manifestPath)).map((folder) => join(folder, 'Cargo.toml')),
    join(workspace.root, 'Cargo.toml'),
    ...workspace.packages.map((pkg) => pkg.manifestPath),
    ...configPaths(dirname(manifestPath), env),
  ]);
  const folders = new Set([
    ...roots.flatMap((root) => [join(root, 'src'), join(root, 'src', 'bin')]),
    // "members" can have a glob for these.
    ...roots.filter((root) => root !== workspace.root).map((root) => dirname(root)),
  ]);
  const record: WorkspaceRecord = {
    workspace,
    seen: [...paths].map((path) => files.see(path)),
    names: Object.fromEntries([...folders].map((folder) => [folder, hashNames(folder)])),
  };
  writeAtomic(file, JSON.stringify(record));
  return workspace;
}

/** Hash the names in a folder that can be targets or members. */
function hashNames(folder: string): string {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return '';
  }
  const names = entries.filter((entry) => entry.name.endsWith('.rs') || (!entry.isFile()
    && (existsSync(join(folder, entry.name, 'Cargo.toml')) || existsSync(join(folder, entry.name, 'main.rs')))));
  return hashText(names.map((entry) => entry.name).sort().join('\0'));
}
