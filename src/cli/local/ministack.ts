import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../rust/cache';
import { CliError, ExitCode } from '../errors';
import { packageRoot } from '../package';
import { ensureTool, venvPython, type PythonTool } from '../venv';
import { withLock } from './lock';
import { isSameProcess, processStart } from './processes';
import { isHealthy, localFolder, logFile, readState, runningLocalAws, stateFile, type LocalState } from './state';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 100;
const ATTEMPTS = 3;

/** The local AWS: ministack, from PyPI. */
export function ministack(): PythonTool {
  const version = '1.5.33';
  // It signs and checks tokens with cryptography, and refuses every token without.
  return { name: 'ministack', version, with: ['cryptography>=41'], home: join(cacheFolder(), `ministack-${version}-jwt`) };
}

/**
 * Starts the local AWS where it does not run yet.
 *
 * @param say told what goes on
 */
export async function startLocalAws(say: (text: string) => void = () => {}): Promise<LocalState> {
  const tool = ministack();
  await ensureTool(tool, say);
  return withLock(`${localFolder()}.lock`, async () => {
    const running = await runningLocalAws();
    if (running) return running;
    await end(readState());
    for (let attempt = 1; ; attempt++) {
      const state = await launch(tool, await freePort());
      if (state) return state;
      if (attempt === ATTEMPTS) throw failed();
    }
  }, (pid) => say(`waiting for process ${pid}, which starts the local AWS`));
}

/** Ends the local AWS and removes its files; false when there was none. */
export async function stopLocalAws(): Promise<boolean> {
  return withLock(`${localFolder()}.lock`, async () => {
    const ended = await end(readState());
    rmSync(localFolder(), { recursive: true, force: true });
    return ended;
  });
}

/** Ends the process that is meant by a state, if it is still that process. */
async function end(state: LocalState | undefined): Promise<boolean> {
  if (!state) return false;
  const ours = isSameProcess(state.pid, state.start) || await isHealthy(state);
  if (!ours) return false;
  signal(state.pid, 'SIGTERM');
  for (let waited = 0; waited < STOP_TIMEOUT_MS && isSameProcess(state.pid, state.start); waited += POLL_MS) await sleep(POLL_MS);
  // The functions that it ran are in its process group.
  signal(-state.pid, 'SIGKILL');
  rmSync(stateFile(), { force: true });
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

/** Undefined when the process ended at once, as it does where another one has taken the port meanwhile. */
async function launch(tool: PythonTool, port: number): Promise<LocalState | undefined> {
  const folder = localFolder();
  for (const name of ['tmp', 'data']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name), { recursive: true });
  }
  const token = `pmcp-deploy-${randomUUID()}`;
  const log = openSync(logFile(), 'w');
  // Not ministack itself, but what adds to it: see there.
  const child = spawn(venvPython(tool.home), [join(packageRoot(), 'templates', 'local-aws', 'main.py')], {
    cwd: folder,
    env: environment(folder, port, token),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  child.unref();
  if (child.pid === undefined) throw failed();

  // Remembered before it is ready: an interrupted start leaves no process that nobody knows.
  const state: LocalState = { pid: child.pid, start: processStart(child.pid), port, token, version: tool.version };
  const draft = `${stateFile()}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state, undefined, 2));
  renameSync(draft, stateFile());
  return await becomesHealthy(state, child, exited) ? state : undefined;
}

async function becomesHealthy(state: LocalState, child: ChildProcess, exited: Promise<void>): Promise<boolean> {
  let gone = false;
  void exited.then(() => (gone = true));
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await Promise.race([sleep(POLL_MS), exited])) {
    if (gone) return false;
    if (await isHealthy(state)) return true;
  }
  signal(-child.pid!, 'SIGKILL');
  throw failed();
}

/**
 * The environment of the local AWS, and of the functions that run in it: none of the user's credentials and settings for AWS.
 */
function environment(folder: string, port: number, token: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'SystemRoot', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  return {
    ...Object.fromEntries(kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]])),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    // The health answer tells it: so we know that the server on the port is this one.
    MINISTACK_EDITION: token,
    TMPDIR: join(folder, 'tmp'),
    TEMP: join(folder, 'tmp'),
    STATE_DIR: join(folder, 'data', 'state'),
    S3_DATA_DIR: join(folder, 'data', 's3'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // Listeners on fixed ports, which somebody else may have.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // At start and end it removes the containers of every ministack on the machine; with no Docker in reach it leaves them alone.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function failed(): CliError {
  let tail = '';
  try {
    tail = readFileSync(logFile(), 'utf-8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    // There is no log when it could not even be started.
  }
  return new CliError(`the local AWS did not start${tail && `; the end of its log:\n${tail}`}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: `the whole log is ${logFile()}; to start afresh: npx pmcp-deploy local --stop`,
  });
}

