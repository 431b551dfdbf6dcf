import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findUp } from '../../util/files';

/** The name of this package. */
const NAME = 'pmcp-deploy';

/** The root folder of this package. Walks up, because the depth of this file differs between the sources and the bundle. */
export function packageRoot(): string {
  const found = findUp(__dirname, (folder) => {
    const manifest = join(folder, 'package.json');
    const isOurs = existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf-8')) as { name?: string }).name === NAME;
    return isOurs ? folder : undefined;
  });
  if (found !== undefined) return found;
  throw new Error(`${NAME} has no package.json above ${__dirname}`);
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf-8')) as { version: string }).version;
}

/**
 * The dependency specification of this package that makes npm install it from the same source.
 *
 * It is a version if the package came from a registry, and a path or URL if it came from a folder, a tarball or git.
 */
export function packageSpec(root: string = packageRoot(), version: string = packageVersion()): string {
  const modules = dirname(root);
  const lock = join(modules, '.package-lock.json');
  if (!existsSync(lock)) return `file:${root}`;
  const { packages = {} } = JSON.parse(readFileSync(lock, 'utf-8')) as { packages?: Record<string, { resolved?: string; link?: boolean }> };
  const { resolved = '' } = packages[`node_modules/${NAME}`] ?? {};
  if (resolved.startsWith('file:')) return `file:${resolve(dirname(modules), resolved.slice('file:'.length))}`;
  return /^(git|github)/.test(resolved) ? resolved : `${NAME}@^${version}`;
}
