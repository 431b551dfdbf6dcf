import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localAwsEnvironment, FOLDERS } from './environment';
import { isHealthy } from './health';
import { writeProfile } from './profile';
import { localFolder, logFile, readState, runningLocalAws, stateFile, type LocalState } from './state';
import { cacheFolder } from '../../util/cache-dir';
import { writeAtomic } from '../../util/files';
import { withLock } from '../../util/process/process-lock';
import { isSameProcess, processStart } from '../../util/process/process-start';
import { CliError, ExitCode } from '../util/errors';
import { packageRoot } from '../util/package-info';
import { ensureTool, requirementsOf, venvPython, type PythonTool } from '../util/python-tool';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 100;
const ATTEMPTS = 3;
const VERSION = '1.5.33';

/** The local AWS: ministack, from PyPI. */
export function ministack(): PythonTool {
  const requirements = requirementsOf('ministack');
  // A change of the requirements is another installation.
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  return { name: 'ministack', version: VERSION, requirements, home: join(cacheFolder(), `ministack-${VERSION}-${digest}`) };
}

/**
 * Start the local AWS, unless it is running.
 *
 * @param say receives progress messages
 */
export async function startLocalAws(say: (text: string) => void = () => {}): Promise<LocalState> {
  const tool = ministack();
  await ensureTool(tool, say);
  return withLock(`${localFolder()}.lock`, async () => {
    const running = await runningLocalAws();
    if (running) return running;
    await endLocalAws(readState());
    for (let attempt = 1; ; attempt++) {
      const state = await launch(tool, await freePort());
      if (state) return state;
      if (attempt === ATTEMPTS) throw startError();
    }
  }, { onWait: (pid) => say(`waiting for process ${pid ?? 'unknown'}, which is starting the local AWS`) });
}

/** Stop the local AWS and remove its files. False if it was not running. */
export async function stopLocalAws(): Promise<boolean> {
  return withLock(`${localFolder()}.lock`, async () => {
    const ended = await endLocalAws(readState());
    rmSync(localFolder(), { recursive: true, force: true });
    return ended;
  });
}

/** End the process of a state, unless its id belongs to another process by now. */
async function endLocalAws(state: LocalState | undefined): Promise<boolean> {
  if (!state) return false;
  const isOurs = isSameProcess(state.pid, state.start) || await isHealthy(state);
  if (!isOurs) return false;
  signal(state.pid, 'SIGTERM');
  for (let waited = 0; waited < STOP_TIMEOUT_MS && isSameProcess(state.pid, state.start); waited += POLL_MS) await sleep(POLL_MS);
  // Its functions are in its process group.
  signal(-state.pid, 'SIGKILL');
  rmSync(stateFile(), { force: true });
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

/** Launch the local AWS. Undefined if the process ends at once, for example because the port is in use by now. */
async function launch(tool: PythonTool, port: number): Promise<LocalState | undefined> {
  const folder = localFolder();
  mkdirSync(folder, { recursive: true });
  // It contains the secret, and the code, logs and data of the functions. An older release may have created it with another mode.
  chmodSync(folder, 0o700);
  for (const name of FOLDERS) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name));
  }
  const secret = randomBytes(30).toString('base64url');
  const log = openSync(logFile(), 'w', 0o600);
  // main.py runs ministack with the modules of local_aws.
  const child = spawn(venvPython(tool.home), [join(packageRoot(), 'assets', 'local-aws', 'main.py')], {
    cwd: folder,
    env: localAwsEnvironment(folder, port, secret),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  child.unref();
  if (child.pid === undefined) throw startError();

  // Stored before it is ready, so that an interrupted start does not leave an unknown process.
  const state: LocalState = { pid: child.pid, start: processStart(child.pid), port, secret, version: tool.version };
  writeAtomic(stateFile(), JSON.stringify(state, undefined, 2), { mode: 0o600 });
  writeProfile(state);
  return await waitUntilHealthy(state, child, exited) ? state : undefined;
}

async function waitUntilHealthy(state: LocalState, child: ChildProcess, exited: Promise<void>): Promise<boolean> {
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await Promise.race([sleep(POLL_MS), exited])) {
    if (hasExited) return false;
    if (await isHealthy(state)) return true;
  }
  signal(-child.pid!, 'SIGKILL');
  throw startError();
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

function startError(): CliError {
  let tail = '';
  try {
    tail = readFileSync(logFile(), 'utf-8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    // Without a process there is no log.
  }
  return new CliError(`the local AWS did not start${tail && `; the end of its log:\n${tail}`}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: `the whole log is ${logFile()}; to reset the local AWS: npx pmcp-deploy local --stop`,
  });
}

