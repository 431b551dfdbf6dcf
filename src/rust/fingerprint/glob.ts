import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { UserError } from '../../util/user-error';

/** The files that globs choose in a folder. */
export interface GlobListing {
  readonly kind: 'globs';
  /** The absolute path of the folder. */
  readonly path: string;
  /** Name of the option with the globs, for messages. */
  readonly option: string;
  readonly include: string[];
  readonly exclude: string[];
}

/**
 * Return the files that globs choose, relative to the folder, sorted.
 *
 * @throws UserError if a glob leaves the folder or matches nothing, or if a file is a symbolic link out of the folder
 */
export function glob(listing: GlobListing): string[] {
  const { path: root, option } = listing;
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${option}: there is no folder ${root}`);
  }
  const excluded = listing.exclude.map((pattern) => matcher(pattern.replace(/^\.\//, '')));
  const chosen = new Set<string>();
  for (const [index, given] of listing.include.entries()) {
    const pattern = checkPattern(`${option}[${index}]`, given, root);
    const matches = matcher(pattern);
    const matched = filesBelow(root, picomatch().scan(pattern).base)
      .filter((path) => matches(path) && !excluded.some((isExcluded) => isExcluded(path)));
    if (matched.length === 0) {
      throw new UserError(`${option}[${index}]: ${JSON.stringify(given)} matches no file in ${root}: correct the glob, or leave it out`);
    }
    matched.forEach((path) => chosen.add(path));
  }
  const inside = realpathSync(root) + sep;
  for (const path of chosen) {
    const real = realpath(join(root, path));
    if (real === undefined || !real.startsWith(inside)) {
      throw new UserError(`${option}: ${path} is a symbolic link to ${real ?? 'nothing'}, outside of ${root}: `
        + 'copy the file into the folder, or exclude it');
    }
  }
  return [...chosen].sort();
}

function checkPattern(option: string, pattern: string, root: string): string {
  if (isAbsolute(pattern) || /^[A-Za-z]:/.test(pattern)) {
    throw new UserError(`${option}: ${JSON.stringify(pattern)} is an absolute path: give a glob relative to ${root}`);
  }
  if (pattern.split(/[\\/]/).includes('..')) {
    throw new UserError(`${option}: ${JSON.stringify(pattern)} leaves ${root} by "..": `
      + 'set the base folder to one that has all of the files');
  }
  return pattern.replace(/^\.\//, '').replace(/\/$/, '');
}

/** Loaded on first use: few apps have globs. */
function picomatch(): typeof import('picomatch') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('picomatch');
}

/** A glob matches files, and all files in the folders that it matches. */
function matcher(pattern: string): (path: string) => boolean {
  const matches = picomatch()(pattern, { dot: true });
  const inside = picomatch()(`${pattern}/**`, { dot: true });
  return (path) => path === pattern || path.startsWith(`${pattern}/`) || matches(path) || inside(path);
}

function filesBelow(root: string, base: string): string[] {
  const stat = statSync(join(root, base), { throwIfNoEntry: false });
  return !stat ? [] : stat.isDirectory() ? allFiles(root, base && `${base}/`, new Set()) : [base];
}

function allFiles(root: string, prefix: string, above: Set<string>): string[] {
  const folder = join(root, prefix);
  const real = realpathSync(folder);
  if (above.has(real)) {
    return [];
  }
  const inner = new Set(above).add(real);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory() || (entry.isSymbolicLink() && statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory())) {
      return isGenerated(join(folder, entry.name), entry.name) ? [] : allFiles(root, `${path}/`, inner);
    }
    return [path];
  });
}

/** Folders of git, npm and the CDK, and cargo's target folders (https://bford.info/cachedir/). */
function isGenerated(folder: string, name: string): boolean {
  return name === '.git' || name === 'node_modules' || name === 'cdk.out' || existsSync(join(folder, 'CACHEDIR.TAG'));
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
