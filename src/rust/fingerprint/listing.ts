import { Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { glob, GlobListing } from './glob';
import { UserError } from '../../util/user-error';

/** A set of files. A file that is added or removed counts as a change too. */
export type Listing =
  /** All files in a folder: `rerun-if-changed` of a build script. A file has no listing. */
  | { readonly kind: 'tree'; readonly path: string }
  /** All files of a package: a build script without `rerun-if-changed`. */
  | { readonly kind: 'package'; readonly path: string }
  | GlobListing;

const GENERATED_FOLDERS = new Set(['.git', 'target', 'node_modules', 'cdk.out']);

/** Return the files of a listing, sorted. The paths are relative to its folder, with `/` on every system. */
export function listedFiles(listing: Listing): string[] {
  switch (listing.kind) {
    case 'globs':
      return glob(listing);
    case 'package':
      return walk(listing.path, '', (entry, path) => entry.isDirectory() && isPackage(join(listing.path, path)), ignoreRules(listing.path));
    case 'tree':
      return isFolder(listing.path) ? walk(listing.path, '', () => false) : [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'Cargo.toml'));
}

type Predicate = (entry: Dirent, path: string) => boolean;

function walk(root: string, prefix: string, isExcluded: Predicate, isIgnored?: (path: string) => boolean, depth = 0): string[] {
  if (depth > 100) {
    throw new UserError(`${join(root, prefix)} is nested too deeply; check for a symbolic link to a folder above it`);
  }
  const entries = readdirSync(join(root, prefix), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = prefix + entry.name;
    const folder = entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(root, path)));
    if (isExcluded(entry, path) || (folder && GENERATED_FOLDERS.has(entry.name)) || isIgnored?.(folder ? `${path}/` : path)) {
      return [];
    }
    return folder ? walk(root, `${path}/`, isExcluded, isIgnored, depth + 1) : [path];
  });
}

/** Return a predicate for the files that the .gitignore of a package excludes. Cargo excludes them too. */
function ignoreRules(root: string): ((path: string) => boolean) | undefined {
  const file = join(root, '.gitignore');
  if (!existsSync(file)) {
    return undefined;
  }
  // Loaded on first use: few packages need it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const rules = (require('ignore') as typeof import('ignore'))().add(readFileSync(file, 'utf-8'));
  return (path) => rules.ignores(path);
}
