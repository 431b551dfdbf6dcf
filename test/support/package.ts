import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run';

/** Root of this repository. */
export const ROOT = resolve(__dirname, '..', '..');

/** Folder of what the end-to-end tests build and install. It is kept from one run to the next; git ignores it. */
export const CACHE = join(ROOT, '.cache');

/** Target folder of cargo for all builds of the sample server, so that each crate is compiled once. */
export const TARGET_DIR = join(CACHE, 'target');

/** Tarball that `packPackage` makes. */
export const TARBALL = join(CACHE, 'pmcp-deploy-0.0.0.tgz');

/** Hash of the sources that `lib` was compiled from. */
const COMPILED = join(CACHE, 'compiled');

/** What jsii compiles: the sources, and the files that end up in its assembly. */
const INPUTS = ['src', 'README.md', 'package.json', 'package-lock.json', 'tsconfig.json', 'projenrc/lazy-scaffold.ts'];

/** Compile, bundle and pack this package, as a release does. jsii is left out when `lib` is of the same sources already. */
export async function packPackage(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const hash = hashOf(INPUTS);
  await projen('pre-compile');
  if (!isCompiled(hash)) {
    await projen('compile');
    await projen('bundle:lazy');
    writeFileSync(COMPILED, hash);
  }
  await run('npm', ['pack', '--pack-destination', CACHE], { cwd: ROOT });
  return TARBALL;
}

async function projen(task: string): Promise<void> {
  await run(process.execPath, [join(ROOT, 'node_modules', 'projen', 'bin', 'projen'), task], { cwd: ROOT });
}

function isCompiled(hash: string): boolean {
  return ['lib/index.js', '.jsii'].every((path) => existsSync(join(ROOT, path))) && existsSync(COMPILED) && readFileSync(COMPILED, 'utf-8') === hash;
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesBelow)) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path))).update('\0');
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!path.startsWith('src')) return [path];
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1)).sort();
}

if (require.main === module) void packPackage();
