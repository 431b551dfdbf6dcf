import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run';

/** The root of this repository. */
export const ROOT = resolve(__dirname, '..', '..', '..');

/** What the end-to-end tests build and may keep from one run to the next; git ignores it. */
export const CACHE = join(ROOT, '.cache');

/** All Rust that the end-to-end tests compile shares this folder, so that each crate is compiled once. */
export const TARGET_DIR = join(CACHE, 'target');

/** Where `packPackage` puts the tarball. */
export const TARBALL = join(CACHE, 'pmcp-deploy-0.0.0.tgz');

/** Compiles, bundles and packs this package, as a release does. */
export async function packPackage(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  for (const task of ['pre-compile', 'compile', 'bundle:lazy']) {
    await run(process.execPath, [join(ROOT, 'node_modules', 'projen', 'bin', 'projen'), task], { cwd: ROOT });
  }
  await run('npm', ['pack', '--pack-destination', CACHE], { cwd: ROOT });
  return TARBALL;
}
