import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TARBALL } from './package';
import { run, RunResult, tryRun } from './run';

export interface ProjenNewOptions {
  /** What `--from` names: a tarball, a folder or a package. @default - the packed package */
  readonly from?: string;
  /** Further arguments. */
  readonly args?: string[];
  /** The version of projen whose `new` runs. @default - the newest */
  readonly projen?: string;
  /** Let projen make a git repository and a first commit, as it does by itself. @default false */
  readonly git?: boolean;
}

/** A new folder outside of this repository, named like a user's project. */
export function projectFolder(name: string, files: Record<string, string> = {}): string {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-e2e-'))), name);
  for (const [path, text] of Object.entries({ ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Removes a folder of `projectFolder`. */
export function removeProject(folder: string) {
  rmSync(dirname(folder), { recursive: true, force: true });
}

/** Runs `npx projen new --from ... pmcp-deploy` in a folder, as a user does. */
export async function projenNew(folder: string, options: ProjenNewOptions = {}): Promise<RunResult> {
  const { from = TARBALL, args = [], projen = 'latest', git = false } = options;
  return run('npx', ['--yes', `projen@${projen}`, 'new', '--from', from, 'pmcp-deploy', ...(git ? [] : ['--no-git']), ...args], { cwd: folder, env: cleanEnv() });
}

/** Runs a program of the app's node_modules. */
export async function appRun(app: string, program: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return tryRun('npx', ['--no-install', program, ...args], { cwd: app, env: { ...cleanEnv(), ...env } });
}

/** The environment of a user's terminal: npm and projen tell their children about themselves, and the app is none of theirs. */
function cleanEnv(): NodeJS.ProcessEnv {
  const inherited = /^(npm_(config_(?!registry|cache|userconfig)|lifecycle|package|command|execpath|node_execpath)|INIT_CWD$|PROJEN_|NODE_ENV$|NODE_PATH$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
  return { ...env, NO_COLOR: '1' };
}
