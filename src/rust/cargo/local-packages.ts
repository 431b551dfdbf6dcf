import { Dirent, existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readToml } from './config-files';
import { findUp } from '../../util/files';

/**
 * Return the folders that a build of a workspace reads: the workspace, and path dependencies outside of it with their own workspaces.
 *
 * They are read from the Cargo.toml files, since the container mounts them before cargo can run in it.
 */
export function sourceFolders(workspaceRoot: string): string[] {
  const folders = new Set<string>([workspaceRoot]);
  const queue = [workspaceRoot];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const path of manifestsBelow(folder).flatMap(pathDependencies)) {
      const isInside = [...folders].some((known) => path === known || path.startsWith(known + sep));
      if (!isInside && existsSync(join(path, 'Cargo.toml'))) {
        const root = workspaceRootOf(join(path, 'Cargo.toml'));
        folders.add(root);
        queue.push(root);
      }
    }
  }
  return [...folders];
}

/** Return the folders of all packages that a build of a workspace can read. */
export function packageFolders(workspaceRoot: string): string[] {
  return sourceFolders(workspaceRoot).flatMap(manifestsBelow).map((manifest) => dirname(manifest));
}

/**
 * Return the root of the workspace of a package, or the package's own folder if it is in no workspace.
 *
 * @see https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields
 */
export function workspaceRootOf(manifestPath: string): string {
  const manifest = readToml(manifestPath) as { workspace?: unknown; package?: { workspace?: string } };
  if (manifest.workspace !== undefined) {
    return dirname(manifestPath);
  }
  if (typeof manifest.package?.workspace === 'string') {
    return resolve(dirname(manifestPath), manifest.package.workspace);
  }
  const above = findUp(dirname(dirname(manifestPath)), (folder) => {
    const file = join(folder, 'Cargo.toml');
    const workspace = existsSync(file) ? readToml(file).workspace as { exclude?: string[] } | undefined : undefined;
    const isExcluded = workspace?.exclude?.some((path) => manifestPath.startsWith(resolve(folder, path) + sep));
    return workspace !== undefined && !isExcluded ? folder : undefined;
  });
  return above ?? dirname(manifestPath);
}

const NOT_SOURCES = ['target', 'node_modules'];

function manifestsBelow(folder: string): string[] {
  const own = join(folder, 'Cargo.toml');
  const isSource = (entry: Dirent) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_SOURCES.includes(entry.name);
  return [
    ...existsSync(own) ? [own] : [],
    ...readdirSync(folder, { withFileTypes: true }).filter(isSource).flatMap((entry) => manifestsBelow(join(folder, entry.name))),
  ];
}

type Table = { [name: string]: unknown };

/** Return the folders of the path dependencies in a Cargo.toml. */
function pathDependencies(manifestPath: string): string[] {
  const manifest = readToml(manifestPath);
  const tables = [manifest, manifest.workspace, ...values(manifest.target)]
    .flatMap((table) => ['dependencies', 'dev-dependencies', 'build-dependencies'].map((name) => (table as Table | undefined)?.[name]));
  return [...tables, manifest.replace, ...values(manifest.patch)].flatMap(values)
    .map((dependency) => (dependency as Table | undefined)?.path)
    .filter((path): path is string => typeof path === 'string')
    .map((path) => resolve(dirname(manifestPath), path))
    .map((path) => (existsSync(path) ? realpathSync(path) : path));
}

function values(table: unknown): unknown[] {
  return typeof table === 'object' && table !== null ? Object.values(table) : [];
}
