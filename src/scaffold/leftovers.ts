import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_NAME } from './dependency';

/**
 * Removes what `projen new --from` installs into the folder that it runs in, when the app is in another one.
 *
 * Only its own: node_modules with this package, in a folder without a package.json, since projen has removed the one it made.
 */
export function removeLeftovers(outdir: string, cwd: string = process.cwd()) {
  const modules = join(cwd, 'node_modules');
  if (cwd !== outdir && !existsSync(join(cwd, 'package.json')) && existsSync(join(modules, OWN_NAME))) {
    rmSync(modules, { recursive: true });
  }
}
