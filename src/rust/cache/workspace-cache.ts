import { Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Session } from './session';
import { cacheFolder } from '../../util/cache-dir';
import { ancestors, hashText, writeAtomic } from '../../util/files';
import { configPlaces } from '../cargo/config-files';
import { Workspace } from '../cargo/metadata';
import { Files, SeenFile } from '../fingerprint/file-stats';

interface Memory {
  readonly workspace: Workspace;
  readonly seen: SeenFile[];
  /** Folders, and a hash of the names in them that make targets and members. */
  readonly names: { readonly [folder: string]: string };
}

/**
 * The workspace of a Cargo.toml. Asks cargo only when something that it would look at has changed since the last time.
 */
export function workspaceOf(session: Session, manifestPath: string, env: NodeJS.ProcessEnv, read: () => Workspace): Workspace {
  const variables = JSON.stringify(['CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR', 'CARGO_HOME'].map((name) => env[name] ?? ''));
  const known = session.workspaces.find((candidate) => candidate.env === variables
    && (candidate.workspace.packages.some((pkg) => pkg.manifestPath === manifestPath) || join(candidate.workspace.root, 'Cargo.toml') === manifestPath));
  if (known) {
    return known.workspace;
  }
  const file = join(cacheFolder(), 'workspaces', `${hashText(JSON.stringify([manifestPath, variables]))}.json`);
  const workspace = recall(file, session.files) ?? remember(file, read(), manifestPath, session.files, env);
  session.workspaces.push({ env: variables, workspace });
  return workspace;
}

function recall(file: string, files: Files): Workspace | undefined {
  let memory: Memory;
  try {
    memory = JSON.parse(readFileSync(file, 'utf-8'));
  } catch {
    return undefined;
  }
  const same = memory.seen.every((seen) => files.isSame(seen))
    && Object.entries(memory.names).every(([folder, hash]) => namesIn(folder) === hash);
  return same ? memory.workspace : undefined;
}

function remember(file: string, workspace: Workspace, manifestPath: string, files: Files, env: NodeJS.ProcessEnv): Workspace {
  const roots = workspace.packages.map((pkg) => dirname(pkg.manifestPath));
  const paths = new Set([
    ...ancestors(dirname(manifestPath)).map((folder) => join(folder, 'Cargo.toml')),
    join(workspace.root, 'Cargo.toml'),
    ...workspace.packages.map((pkg) => pkg.manifestPath),
    ...configPlaces(dirname(manifestPath), env),
  ]);
  const folders = new Set([
    ...roots.flatMap((root) => [join(root, 'src'), join(root, 'src', 'bin')]),
    // Where "members" may have a glob.
    ...roots.filter((root) => root !== workspace.root).map((root) => dirname(root)),
  ]);
  const memory: Memory = {
    workspace,
    seen: [...paths].map((path) => files.see(path)),
    names: Object.fromEntries([...folders].map((folder) => [folder, namesIn(folder)])),
  };
  writeAtomic(file, JSON.stringify(memory));
  return workspace;
}

/** A hash of the names in a folder that can be targets or members. */
function namesIn(folder: string): string {
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
