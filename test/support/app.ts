import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { e2eEnv, userEnv } from './env';
import { ROOT, TARBALL } from './package';
import { RunOptions, RunResult, run, tryRun } from './run';

/** A new folder outside of this repository, as a user's is. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-e2e-')));
  const path = join(parent, name);
  mkdirSync(path);
  return { path, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** Write a Rust MCP server without any file of this package: a copy of the sample's sources. */
export function writeServer(folder: string): void {
  cpSync(join(ROOT, 'templates', 'server'), folder, { recursive: true, filter: (source) => !source.endsWith('/target') });
}

export interface ScaffoldOptions {
  /** Package that `--from` names. @default - the packed package */
  readonly from?: string;
  /** projen that runs `new`. @default - the newest */
  readonly projen?: string;
}

/** Run `npx projen new --from TARBALL pmcp-deploy` in `folder`. It must succeed. */
export async function scaffold(folder: string, args: string[] = [], options: ScaffoldOptions = {}): Promise<void> {
  const { status, stdout, stderr } = await tryScaffold(folder, args, options);
  if (status !== 0) throw new Error(`projen new failed with exit code ${status}\n${stdout}\n${stderr}`);
}

/** Run `npx projen new --from TARBALL pmcp-deploy` in `folder`, and return its result whatever its exit code is. */
export function tryScaffold(folder: string, args: string[] = [], options: ScaffoldOptions = {}): Promise<RunResult> {
  const { from = TARBALL, projen = 'projen' } = options;
  return tryRun('npx', ['--yes', projen, 'new', '--from', from, ...args, 'pmcp-deploy'], { cwd: folder, env: gitEnv() });
}

/** Run the app's own `pmcp-deploy ARGS`, as its npm scripts do. It must succeed. */
export function pmcpDeploy(app: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run(installed(app), args, { cwd: app, env: e2eEnv(), ...options });
}

/** Run the app's own `pmcp-deploy ARGS`, and return its result whatever its exit code is. */
export function tryPmcpDeploy(app: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return tryRun(installed(app), args, { cwd: app, env: e2eEnv(), ...options });
}

/** Run `npx pmcp-deploy ARGS` in the app or in a folder below it, as a user does. It must succeed. */
export function npxPmcpDeploy(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('npx', ['--no-install', 'pmcp-deploy', ...args], { cwd: folder, env: userEnv(), ...options });
}

/** Run `npx pmcp-deploy ARGS` as a user does, and return its result whatever its exit code is. */
export function tryNpxPmcpDeploy(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return tryRun('npx', ['--no-install', 'pmcp-deploy', ...args], { cwd: folder, env: userEnv(), ...options });
}

/** End the local AWS of this test, also where the test failed before there was an app. */
export async function stopLocal(app: string): Promise<void> {
  if (existsSync(installed(app))) await tryPmcpDeploy(app, ['local', '--stop']);
}

/** The command line that is installed in an app. Without npx in between it starts a second sooner, and gets the signals that it is sent. */
export function installed(app: string): string {
  return join(app, 'node_modules', '.bin', 'pmcp-deploy');
}

/** Run `npx cdk ARGS` in `folder`. It must succeed. */
export function cdk(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('npx', ['--no-install', 'cdk', ...args], { cwd: folder, env: userEnv(), ...options });
}

/** projen commits what it generates; a fresh machine has no git user. */
function gitEnv(): NodeJS.ProcessEnv {
  const [name, email] = ['e2e', 'e2e@example.com'];
  return userEnv({ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email });
}
