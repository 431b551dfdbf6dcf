import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeAfterExit } from '../../util/process/close-after-exit';
import { showOutput } from '../util/terminal';

const STOP_TIMEOUT_MS = 3000;
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** A server process on this machine. */
export interface Server {
  /** Resolves with the reason if the server ends before it is stopped. */
  readonly ended: Promise<string>;

  /** Stop the server, and wait until it has ended. */
  stop(): Promise<void>;

  /** Wait until the server accepts connections. False if it ends first, or at a timeout. */
  accepts(): Promise<boolean>;
}

/**
 * Start a server program, and show its output. The output is escaped, because it may contain text from clients.
 *
 * @param env environment of the program, without the port
 */
export function startServer(program: string, cwd: string, port: number, env: NodeJS.ProcessEnv): Server {
  const child = spawn(program, [], { cwd, env: { ...env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
  closeAfterExit(child);
  [child.stdout, child.stderr].forEach((stream) => void showOutput(stream));
  let ended = false;
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  void closed.then(() => (ended = true));
  let isStopping = false;
  return {
    stop: async () => {
      isStopping = true;
      await stopProcess(child, closed);
    },
    accepts: async () => {
      for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline && !ended; await sleep(POLL_MS)) {
        if (await canConnect(port)) return !ended;
      }
      return false;
    },
    ended: new Promise((resolve) => void closed.then((reason) => !isStopping && resolve(reason))),
  };
}

async function stopProcess(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(kill);
}

async function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A free port: the preferred one, or any. Undefined if the preferred one is in use and required. */
export async function choosePort(preferred: number, isRequired: boolean): Promise<number | undefined> {
  return await tryPort(preferred) ?? (isRequired ? undefined : tryPort(0));
}

async function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: chosen } = server.address() as { port: number };
      server.close(() => resolve(chosen));
    });
  });
}
