import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ancestors } from '../../util/files';
import { cargoHome } from '../../util/process/which';
import { parse } from '../../util/smol-toml';

/**
 * Return the paths of cargo's configuration for a folder, the nearest first, whether the files exist or not.
 *
 * @see https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure
 */
export function configPaths(cwd: string, env: NodeJS.ProcessEnv): string[] {
  const folders = [...ancestors(cwd).map((folder) => join(folder, '.cargo')), cargoHome(env)];
  return [...new Set(folders)].flatMap((folder) => [join(folder, 'config'), join(folder, 'config.toml')]);
}

/** Return the files that a configuration file includes. */
export function includedConfigs(file: string): string[] {
  const { include } = readToml(file);
  const entries = Array.isArray(include) ? include : include === undefined ? [] : [include];
  return entries.map((entry) => (typeof entry === 'string' ? entry : (entry as { path?: string }).path))
    .filter((path): path is string => typeof path === 'string')
    .map((path) => resolve(dirname(file), path))
    .filter((path) => existsSync(path));
}

/** The tables that can change a binary. The others are about registries, output and other settings of one machine. */
const RELEVANT_TABLES = ['build', 'env', 'paths', 'patch', 'profile', 'resolver', 'target', 'unstable', 'host'];

/** Keys of `[build]` that cannot change a binary. */
const IRRELEVANT_BUILD_KEYS = [
  'jobs', 'target-dir', 'build-dir', 'rustc-wrapper', 'rustc-workspace-wrapper', 'rustdoc', 'dep-info-basedir',
];

/**
 * Return the part of a configuration file outside of the workspace that can change a binary. A file of one machine, for example for a
 * proxy or a mirror, must not change the hash.
 */
export function relevantConfig(file: string): string {
  const config = readToml(file);
  const chosen = Object.fromEntries(RELEVANT_TABLES.filter((table) => config[table] !== undefined).map((table) => [table, config[table]]));
  if (typeof chosen.build === 'object') {
    const entries = Object.entries(chosen.build as object);
    chosen.build = Object.fromEntries(entries.filter(([key]) => !IRRELEVANT_BUILD_KEYS.includes(key)));
  }
  const text = JSON.stringify(chosen);
  return text === '{}' || text === '{"build":{}}' ? '' : text;
}

/** Read a TOML file. Returns an empty table if it is missing or invalid: cargo reports the reason. */
export function readToml(file: string): { [key: string]: unknown } {
  try {
    return parse(readFileSync(file, 'utf-8'));
  } catch {
    return {};
  }
}
