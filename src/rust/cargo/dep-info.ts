import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Unit } from './build-messages';

/** The inputs of a unit, from the `.d` file that rustc writes. */
export interface DepInfo {
  readonly files: string[];
  /** The environment variables that the code reads at compile time. */
  readonly env: string[];
}

/** Read the dep-info of a unit. Returns undefined if it has none. */
export function readDepInfo(
  unit: Unit, workspaceRoot: string, toHostPath: (path: string) => string, binary?: string,
): DepInfo | undefined {
  const found = depFiles(unit, binary);
  if (found.length === 0) {
    return undefined;
  }
  const inside = unit.root === workspaceRoot || unit.root.startsWith(join(workspaceRoot, '/'));
  const parsed = found.map((file) => parseDepInfo(readFileSync(file, 'utf-8'), inside ? workspaceRoot : unit.root));
  return {
    files: [...new Set(parsed.flatMap((info) => info.files.map(toHostPath)))],
    env: [...new Set(parsed.flatMap((info) => info.env))],
  };
}

/** Parse the text of a `.d` file. Relative paths in it start in `base`. */
export function parseDepInfo(text: string, base: string): DepInfo {
  const files: string[] = [];
  const env: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('# env-dep:')) {
      env.push(line.slice('# env-dep:'.length).split('=')[0]);
    } else if (line.endsWith(':') && !line.startsWith('#')) {
      // Each source is also a target without prerequisites, so that make does not fail when it is deleted.
      files.push(resolve(base, line.slice(0, -1).replace(/\\ /g, ' ').replace(/\\#/g, '#')));
    }
  }
  return { files, env };
}

function depFiles(unit: Unit, binary: string | undefined): string[] {
  const [first] = unit.files;
  if (first === undefined) {
    return [];
  }
  if (basename(first).startsWith('build-script-')) {
    return filesIn(dirname(first), (name) => name.endsWith('.d'));
  }
  const hashed = unit.files.map((file) => /^(.*-[0-9a-f]{16})\.[a-z]+$/.exec(basename(file))?.[1]).find((stem) => stem !== undefined);
  if (hashed !== undefined) {
    const folder = dirname(unit.files.find((file) => basename(file).startsWith(hashed))!);
    return [`${hashed}.d`, `${hashed.replace(/^lib/, '')}.d`].map((name) => join(folder, name)).filter(existsSync).slice(0, 1);
  }
  return binary === undefined ? [] : depFilesOfBinary(unit, join(dirname(first), 'deps'), binary);
}

/** Cargo reports a binary without its hash. Its dep-info is next to the file in `deps` that has the same content. */
function depFilesOfBinary(unit: Unit, folder: string, binary: string): string[] {
  const stem = unit.target.replace(/-/g, '_');
  const isStem = (name: string, extension: string) => name.startsWith(`${stem}-`) && name.length === stem.length + 17 + extension.length
    && name.endsWith(extension);
  const all = filesIn(folder, (name) => isStem(name, '.d'));
  const content = readFileSync(binary);
  const same = all.filter((file) => {
    const compiled = file.slice(0, -2);
    return statSync(compiled, { throwIfNoEntry: false })?.size === content.length && readFileSync(compiled).equals(content);
  });
  return same.length > 0 ? same : all;
}

function filesIn(folder: string, isWanted: (name: string) => boolean): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(isWanted).sort().map((name) => join(folder, name)) : [];
}
