import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** Something that cargo compiled for a build, or found to be fresh. */
export interface Unit {
  readonly packageName: string;
  readonly packageVersion: string;
  /** Whether the package is on this machine, rather than from a registry or a git repository. */
  readonly isLocal: boolean;
  readonly root: string;
  readonly target: string;
  readonly isBin: boolean;
  readonly files: string[];
}

/** A build script that cargo ran, now or before. */
export interface BuildScript {
  readonly packageName: string;
  readonly packageVersion: string;
  readonly isLocal: boolean;
  readonly outDir: string;
  /** The variables that it sets for the compiler. */
  readonly sets: string[];
}

/** What cargo says of a build, one JSON message a line. */
export interface BuildMessages {
  readonly units: Unit[];
  readonly scripts: BuildScript[];
  /** Turns a path that the build has written into one of this machine. */
  readonly outside: (path: string) => string;
}

/** Reads the output of `cargo build --message-format json`. */
export function parseMessages(output: string, outside: (path: string) => string = (path) => path): BuildMessages {
  const units: Unit[] = [];
  const scripts: BuildScript[] = [];
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) {
      continue;
    }
    const message = JSON.parse(line);
    if (message.reason === 'compiler-artifact') {
      const bin = message.target.kind.includes('bin');
      units.push({
        ...packageOf(message.package_id),
        root: outside(dirname(message.manifest_path)),
        target: message.target.name,
        isBin: bin,
        files: message.filenames.map(outside),
      });
    } else if (message.reason === 'build-script-executed') {
      scripts.push({ ...packageOf(message.package_id), outDir: outside(message.out_dir), sets: message.env.map(([name]: [string]) => name) });
    }
  }
  return { units, scripts, outside };
}

/** `path+file:///a/b#0.1.0`, `registry+https://x#name@0.1.0`, and the form of cargo before 1.77, `name 0.1.0 (path+file:///a/b)`. */
function packageOf(id: string): { packageName: string; packageVersion: string; isLocal: boolean } {
  const old = /^(\S+) (\S+) \((.*)\)$/.exec(id);
  if (old) {
    return { packageName: old[1], packageVersion: old[2], isLocal: old[3].startsWith('path+') };
  }
  const [source, fragment] = id.split('#');
  const at = fragment.lastIndexOf('@');
  const name = at >= 0 ? fragment.slice(0, at) : decodeURIComponent(basename(source.split('?')[0]));
  return { packageName: name, packageVersion: fragment.slice(at + 1), isLocal: source.startsWith('path+') };
}

/** What a unit was compiled from. */
export interface DepInfo {
  readonly files: string[];
  /** The environment variables that the code reads while it is compiled. */
  readonly env: string[];
}

/** Reads rustc's dep-info of a unit. Returns nothing when there is none. */
export function readDepInfo(unit: Unit, workspaceRoot: string, outside: (path: string) => string, binary?: string): DepInfo | undefined {
  const found = depFiles(unit, binary);
  if (found.length === 0) {
    return undefined;
  }
  const inside = unit.root === workspaceRoot || unit.root.startsWith(join(workspaceRoot, '/'));
  const parsed = found.map((file) => parseDepInfo(readFileSync(file, 'utf-8'), inside ? workspaceRoot : unit.root));
  return { files: [...new Set(parsed.flatMap((info) => info.files.map(outside)))], env: [...new Set(parsed.flatMap((info) => info.env))] };
}

/** Reads the text of a `.d` file. Paths in it start in `base`. */
export function parseDepInfo(text: string, base: string): DepInfo {
  const files: string[] = [];
  const env: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('# env-dep:')) {
      env.push(line.slice('# env-dep:'.length).split('=')[0]);
    } else if (line.endsWith(':') && !line.startsWith('#')) {
      // Each source has a line of its own, so that make does not miss it when it is deleted.
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
    return inFolder(dirname(first), (name) => name.endsWith('.d'));
  }
  const hashed = unit.files.map((file) => /^(.*-[0-9a-f]{16})\.[a-z]+$/.exec(basename(file))?.[1]).find((stem) => stem !== undefined);
  if (hashed !== undefined) {
    const folder = dirname(unit.files.find((file) => basename(file).startsWith(hashed))!);
    return [`${hashed}.d`, `${hashed.replace(/^lib/, '')}.d`].map((name) => join(folder, name)).filter(existsSync).slice(0, 1);
  }
  return binary === undefined ? [] : depFilesOfBinary(unit, join(dirname(first), 'deps'), binary);
}

/** Cargo names only the binary without its hash: what it is a copy of has the dep-info beside it. */
function depFilesOfBinary(unit: Unit, folder: string, binary: string): string[] {
  const stem = unit.target.replace(/-/g, '_');
  const isStem = (name: string, extension: string) => name.startsWith(`${stem}-`) && name.length === stem.length + 17 + extension.length
    && name.endsWith(extension);
  const all = inFolder(folder, (name) => isStem(name, '.d'));
  const content = readFileSync(binary);
  const same = all.filter((file) => {
    const compiled = file.slice(0, -2);
    return statSync(compiled, { throwIfNoEntry: false })?.size === content.length && readFileSync(compiled).equals(content);
  });
  return same.length > 0 ? same : all;
}

function inFolder(folder: string, wanted: (name: string) => boolean): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(wanted).sort().map((name) => join(folder, name)) : [];
}

/** What a build script asked cargo to watch. */
export interface Watched {
  readonly paths: string[];
  readonly env: string[];
}

/** Reads what a build script printed. Returns nothing when it is not there. */
export function readWatched(script: BuildScript): Watched | undefined {
  const file = join(dirname(script.outDir), 'output');
  return existsSync(file) ? parseWatched(readFileSync(file, 'utf-8')) : undefined;
}

/** Reads the text that a build script printed. Returns nothing when it did not say what to watch: then cargo watches the whole package. */
export function parseWatched(text: string): Watched | undefined {
  const values = (key: string) => [...text.matchAll(new RegExp(`^cargo::?${key}=(.*?)\\r?$`, 'gm'))].map((match) => match[1]);
  const paths = values('rerun-if-changed');
  const env = values('rerun-if-env-changed');
  return paths.length + env.length > 0 ? { paths, env } : undefined;
}

/** A path that a build script printed, which starts in the folder of its package. */
export function watchedPath(path: string, root: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}
