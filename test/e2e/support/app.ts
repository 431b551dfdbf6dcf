import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { e2eEnv } from './env';
import { ROOT, TARBALL } from './package';
import { RunOptions, RunResult, run, tryRun } from './run';

/** A folder outside of this repository, as a user's is. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-e2e-')));
  const path = join(parent, name);
  mkdirSync(path);
  return { path, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** A Rust MCP server that knows nothing of this package: a copy of the sample's sources. */
export function writeServer(folder: string): void {
  cpSync(join(ROOT, 'templates', 'server'), folder, { recursive: true, filter: (source) => !source.endsWith('/target') });
}

export interface ScaffoldOptions {
  /** What `--from` names. @default - the packed package */
  readonly from?: string;
  /** The projen whose `new` runs. @default - the newest */
  readonly projen?: string;
}

/** Types `npx projen new --from TARBALL pmcp-deploy` in `folder`; it must succeed. */
export async function scaffold(folder: string, args: string[] = [], options: ScaffoldOptions = {}): Promise<void> {
  const { status, stdout, stderr } = await tryScaffold(folder, args, options);
  if (status !== 0) throw new Error(`projen new failed with exit code ${status}\n${stdout}\n${stderr}`);
}

/** Types `npx projen new --from TARBALL pmcp-deploy` in `folder`, whatever comes of it. */
export function tryScaffold(folder: string, args: string[] = [], options: ScaffoldOptions = {}): Promise<RunResult> {
  const { from = TARBALL, projen = 'projen' } = options;
  return tryRun('npx', ['--yes', projen, 'new', '--from', from, ...args, 'pmcp-deploy'], { cwd: folder, env: gitEnv() });
}

/** Types `npx pmcp-deploy ARGS` in `folder`; it must succeed. */
export function pmcpDeploy(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('npx', ['--no-install', 'pmcp-deploy', ...args], { cwd: folder, env: e2eEnv(), ...options });
}

/** Types `npx pmcp-deploy ARGS` in `folder`, whatever comes of it. */
export function tryPmcpDeploy(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return tryRun('npx', ['--no-install', 'pmcp-deploy', ...args], { cwd: folder, env: e2eEnv(), ...options });
}

/** Types `npx cdk ARGS` in `folder`. */
export function cdk(folder: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  return run('npx', ['--no-install', 'cdk', ...args], { cwd: folder, env: e2eEnv(), ...options });
}

/** projen commits what it makes; a fresh machine has no git user. */
function gitEnv(): NodeJS.ProcessEnv {
  const user = { GIT_AUTHOR_NAME: 'e2e', GIT_AUTHOR_EMAIL: 'e2e@example.com', GIT_COMMITTER_NAME: 'e2e', GIT_COMMITTER_EMAIL: 'e2e@example.com' };
  return e2eEnv(user);
}
