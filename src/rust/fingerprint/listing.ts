import { Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { glob, GlobListing } from './glob';
import { UserError } from '../../util/user-error';

/** Something whose list of files matters, besides their content. */
export type Listing =
  /** All files under a folder, or the one file: what `rerun-if-changed` of a build script means. */
  | { readonly kind: 'tree'; readonly path: string }
  /** The files that belong to a package: what a build script without `rerun-if-changed` depends on. */
  | { readonly kind: 'package'; readonly path: string }
  | GlobListing;

const GENERATED = new Set(['.git', 'target', 'node_modules', 'cdk.out']);

/** The files of a listing, relative to its folder with `/` on every system, sorted. */
export function list(listing: Listing): string[] {
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

type Skip = (entry: Dirent, path: string) => boolean;

function walk(root: string, prefix: string, skip: Skip, ignored?: (path: string) => boolean, depth = 0): string[] {
  if (depth > 100) {
    throw new UserError(`${join(root, prefix)} is nested too deeply: is there a symbolic link to a folder above it?`);
  }
  const entries = readdirSync(join(root, prefix), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = prefix + entry.name;
    const folder = entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(root, path)));
    if (skip(entry, path) || (folder && GENERATED.has(entry.name)) || ignored?.(folder ? `${path}/` : path)) {
      return [];
    }
    return folder ? walk(root, `${path}/`, skip, ignored, depth + 1) : [path];
  });
}

/** What the .gitignore of a package leaves out, as cargo does. */
function ignoreRules(root: string): ((path: string) => boolean) | undefined {
  const file = join(root, '.gitignore');
  if (!existsSync(file)) {
    return undefined;
  }
  // Loaded only where a build script needs it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const rules = (require('ignore') as typeof import('ignore'))().add(readFileSync(file, 'utf-8'));
  return (path) => rules.ignores(path);
}
