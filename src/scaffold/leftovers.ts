import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_NAME } from './dependency';

/**
 * Removes what `projen new --from` installs into the folder that it runs in, when the app is in another one, or not made at all.
 *
 * Only its own: a package.json that has nothing but projen and this package, and the node_modules that belong to it.
 */
export function cleanUpNpmInstall(outdir?: string, cwd: string = process.cwd()) {
  const manifest = join(cwd, 'package.json');
  const modules = join(cwd, 'node_modules');
  if (cwd !== outdir && existsSync(join(modules, OWN_NAME)) && isOwn(manifest)) {
    rmSync(manifest, { force: true });
    rmSync(modules, { recursive: true });
  }
}

/** Whether a package.json is not there, or npm wrote it for projen. */
function isOwn(manifest: string): boolean {
  if (!existsSync(manifest)) return true;
  const { devDependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf-8'));
  return Object.keys(rest).length === 0 && Object.keys(devDependencies ?? {}).sort().join() === [OWN_NAME, 'projen'].join();
}
