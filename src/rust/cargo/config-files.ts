import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ancestors } from '../../util/files';
import { cargoHome } from '../../util/process/which';
import { parse } from '../../util/smol-toml';

/** Where cargo looks for its configuration when it runs in a folder, the nearest first, whether a file is there or not. */
export function configPlaces(cwd: string, env: NodeJS.ProcessEnv): string[] {
  const folders = [...ancestors(cwd).map((folder) => join(folder, '.cargo')), cargoHome(env)];
  return [...new Set(folders)].flatMap((folder) => [join(folder, 'config'), join(folder, 'config.toml')]);
}

/** The files that a configuration file includes. */
export function includedConfigs(file: string): string[] {
  const { include } = readToml(file);
  const entries = Array.isArray(include) ? include : include === undefined ? [] : [include];
  return entries.map((entry) => (typeof entry === 'string' ? entry : (entry as { path?: string }).path))
    .filter((path): path is string => typeof path === 'string')
    .map((path) => resolve(dirname(file), path))
    .filter((path) => existsSync(path));
}

/** The tables that can change a binary. The others say how to reach registries, how to print, and other things of one machine. */
const MATTERS = ['build', 'env', 'paths', 'patch', 'profile', 'resolver', 'target', 'unstable', 'host'];
const OF_ONE_MACHINE = ['jobs', 'target-dir', 'build-dir', 'rustc-wrapper', 'rustc-workspace-wrapper', 'rustdoc', 'dep-info-basedir'];

/**
 * What a configuration file outside of the workspace says about binaries. A file that only one machine has, for its proxy
 * or its mirror, must not give that machine another hash.
 */
export function configThatMatters(file: string): string {
  const config = readToml(file);
  const chosen = Object.fromEntries(MATTERS.filter((table) => config[table] !== undefined).map((table) => [table, config[table]]));
  if (typeof chosen.build === 'object') {
    chosen.build = Object.fromEntries(Object.entries(chosen.build as object).filter(([key]) => !OF_ONE_MACHINE.includes(key)));
  }
  const text = JSON.stringify(chosen);
  return text === '{}' || text === '{"build":{}}' ? '' : text;
}

/** A TOML file, or nothing when it does not parse: cargo says why, in its own words. */
export function readToml(file: string): { [key: string]: unknown } {
  try {
    return parse(readFileSync(file, 'utf-8'));
  } catch {
    return {};
  }
}
