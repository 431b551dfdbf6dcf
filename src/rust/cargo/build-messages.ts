import { basename, dirname } from 'node:path';

/** The argument that makes cargo print the messages that this file parses. Compiler errors stay readable on standard error. */
export const MESSAGE_FORMAT = ['--message-format', 'json-render-diagnostics'];

/** A target that cargo compiled, or found up to date. */
export interface Unit {
  readonly packageName: string;
  readonly packageVersion: string;
  /** True if the package is on this machine, rather than from a registry or a git repository. */
  readonly isLocal: boolean;
  readonly root: string;
  readonly target: string;
  readonly isBin: boolean;
  readonly files: string[];
}

/** A build script that cargo ran in this build or an earlier one. */
export interface BuildScript {
  readonly packageName: string;
  readonly packageVersion: string;
  readonly isLocal: boolean;
  readonly outDir: string;
  /** Names of the variables that it sets for the compiler. */
  readonly sets: string[];
}

/** The messages of one build. */
export interface BuildMessages {
  readonly units: Unit[];
  readonly scripts: BuildScript[];
  /** Converts a path that the build has written into a path on this machine. */
  readonly toHostPath: (path: string) => string;
}

/**
 * Parse the output of `cargo build --message-format json`.
 *
 * @see https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages
 */
export function parseMessages(output: string, toHostPath: (path: string) => string = (path) => path): BuildMessages {
  const units: Unit[] = [];
  const scripts: BuildScript[] = [];
  for (const message of messagesOf(output)) {
    if (message.reason === 'compiler-artifact') {
      units.push({
        ...parsePackageId(message.package_id),
        root: toHostPath(dirname(message.manifest_path)),
        target: message.target.name,
        isBin: message.target.kind.includes('bin'),
        files: message.filenames.map(toHostPath),
      });
    } else if (message.reason === 'build-script-executed') {
      scripts.push({
        ...parsePackageId(message.package_id), outDir: toHostPath(message.out_dir), sets: message.env.map(([name]: [string]) => name),
      });
    }
  }
  return { units, scripts, toHostPath };
}

/** Find the path of a binary in the output of `cargo build --message-format json`. */
export function findExecutable(output: string, binary: string): string | undefined {
  return messagesOf(output)
    .find(({ reason, executable, target }) => reason === 'compiler-artifact' && executable && target?.name === binary)?.executable;
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- cargo's JSON has no types here */
function messagesOf(output: string): any[] {
  return output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** `path+file:///a/b#0.1.0`, `registry+https://x#name@0.1.0`, and the form of cargo before 1.77, `name 0.1.0 (path+file:///a/b)`. */
function parsePackageId(id: string): { packageName: string; packageVersion: string; isLocal: boolean } {
  const old = /^(\S+) (\S+) \((.*)\)$/.exec(id);
  if (old) {
    return { packageName: old[1], packageVersion: old[2], isLocal: old[3].startsWith('path+') };
  }
  const [source, fragment] = id.split('#');
  const at = fragment.lastIndexOf('@');
  const name = at >= 0 ? fragment.slice(0, at) : decodeURIComponent(basename(source.split('?')[0]));
  return { packageName: name, packageVersion: fragment.slice(at + 1), isLocal: source.startsWith('path+') };
}
