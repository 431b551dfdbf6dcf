import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';

/** The name of this package. */
export const OWN_NAME = 'pmcp-deploy';

/** Specifications that npm treats as a path, not as a package's name. */
const PATH = /^(?:file:|\.{1,2}[\\/]|\.{1,2}$|~[\\/]|[\\/]|[A-Za-z]:[\\/])|\.(?:tgz|tar\.gz|tar)$/;

/**
 * Convert the argument of `projen new --from` to a dependency of the app.
 *
 * Paths in the argument are relative to the current folder, those of dependencies to the app's folder.
 */
export function dependencyOf(spec: string, cwd: string, outdir: string): string {
  if (spec === OWN_NAME || spec.startsWith(`${OWN_NAME}@`)) return spec;
  if (/^[a-z+]+:\/\//.test(spec) || !PATH.test(spec)) return `${OWN_NAME}@${spec}`;
  const path = spec.replace(/^file:/, '');
  const seen = isAbsolute(path) || path.startsWith('~') ? path : relative(outdir, join(cwd, path)).replace(/\\/g, '/');
  return `${OWN_NAME}@file:${seen}`;
}

/** If a dependency is a folder, which npm would link by default. */
export function isFolder(dependency: string): boolean {
  return dependency.includes('@file:') && !/\.(?:tgz|tar\.gz|tar)$/.test(dependency);
}

/**
 * Remove what `projen new --from` installs into the current folder, if the app is in another folder or is not created.
 *
 * Only a package.json with nothing but projen and this package is removed, and its node_modules.
 */
export function cleanUpNpmInstall(outdir?: string, cwd: string = process.cwd()) {
  const manifest = join(cwd, 'package.json');
  const modules = join(cwd, 'node_modules');
  if (cwd !== outdir && existsSync(join(modules, OWN_NAME)) && isOwn(manifest)) {
    rmSync(manifest, { force: true });
    rmSync(modules, { recursive: true });
  }
}

/** If a package.json does not exist, or npm created it for projen. */
function isOwn(manifest: string): boolean {
  if (!existsSync(manifest)) return true;
  const { devDependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf-8'));
  return Object.keys(rest).length === 0 && Object.keys(devDependencies ?? {}).sort().join() === [OWN_NAME, 'projen'].join();
}
