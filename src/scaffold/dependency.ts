import { isAbsolute, join, relative } from 'node:path';

/** This package, as package.json names it. */
export const OWN_NAME = 'pmcp-deploy';

/** What npm takes for a path rather than a package's name. */
const PATH = /^(?:file:|\.{1,2}[\\/]|\.{1,2}$|~[\\/]|[\\/]|[A-Za-z]:[\\/])|\.(?:tgz|tar\.gz|tar)$/;

/**
 * What `projen new --from` got, as a dependency of the app that resolves to the same thing.
 *
 * Paths start from the folder that the command ran in, dependencies from the app's.
 */
export function dependencyOf(spec: string, cwd: string, outdir: string): string {
  if (spec === OWN_NAME || spec.startsWith(`${OWN_NAME}@`)) return spec;
  if (/^[a-z+]+:\/\//.test(spec) || !PATH.test(spec)) return `${OWN_NAME}@${spec}`;
  const path = spec.replace(/^file:/, '');
  const seen = isAbsolute(path) || path.startsWith('~') ? path : relative(outdir, join(cwd, path)).replace(/\\/g, '/');
  return `${OWN_NAME}@file:${seen}`;
}

/** Whether a dependency is a folder, which npm would link rather than copy. */
export function isFolder(dependency: string): boolean {
  return dependency.includes('@file:') && !/\.(?:tgz|tar\.gz|tar)$/.test(dependency);
}
