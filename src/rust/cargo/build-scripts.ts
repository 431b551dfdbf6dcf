import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { BuildScript } from './build-messages';

/** The files and variables that a build script told cargo to watch. */
export interface ScriptInputs {
  readonly paths: string[];
  readonly env: string[];
}

/** Read the inputs of a build script from the output that cargo stored. Returns undefined if there is no output. */
export function readScriptInputs(script: BuildScript): ScriptInputs | undefined {
  const file = join(dirname(script.outDir), 'output');
  return existsSync(file) ? parseScriptOutput(readFileSync(file, 'utf-8')) : undefined;
}

/** Parse the output of a build script. Returns undefined if it names no inputs: cargo then watches the whole package. */
export function parseScriptOutput(text: string): ScriptInputs | undefined {
  const values = (key: string) => [...text.matchAll(new RegExp(`^cargo::?${key}=(.*?)\\r?$`, 'gm'))].map((match) => match[1]);
  const paths = values('rerun-if-changed');
  const env = values('rerun-if-env-changed');
  return paths.length + env.length > 0 ? { paths, env } : undefined;
}

/** Resolve a path that a build script printed, which may be relative to the folder of its package. */
export function resolveScriptPath(path: string, packageRoot: string): string {
  return isAbsolute(path) ? path : resolve(packageRoot, path);
}
