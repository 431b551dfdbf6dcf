import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeAfterExit } from '../../util/process/close-after-exit';
import { showOutput } from '../util/terminal';

const STOP_TIMEOUT_MS = 3000;
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** A server that runs on this machine. */
export interface Server {
  /** Fulfilled with what it ended by, when it does so by itself. */
  readonly ended: Promise<string>;

  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;

  /** Whether it accepts connections before it ends, or before a timeout. */
  accepts(): Promise<boolean>;
}

/**
 * Starts a server program, and shows what it writes: clients have a part in that, and may not steer the terminal by it.
 *
 * @param env all that it gets, apart from the port
 */
export function startServer(program: string, cwd: string, port: number, env: NodeJS.ProcessEnv): Server {
  const child = spawn(program, [], { cwd, env: { ...env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
  closeAfterExit(child);
  [child.stdout, child.stderr].forEach((stream) => void showOutput(stream));
  let over = false;
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  void closed.then(() => (over = true));
  let stopping = false;
  return {
    stop: async () => {
      stopping = true;
      await end(child, closed);
    },
    accepts: async () => {
      for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline && !over; await sleep(POLL_MS)) {
        if (await answers(port)) return !over;
      }
      return false;
    },
    ended: new Promise((resolve) => void closed.then((by) => !stopping && resolve(by))),
  };
}

async function end(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(kill);
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port that can be listened on: the one that is preferred, or any. Undefined when the preferred one is taken and a must. */
export async function choosePort(preferred: number, must: boolean): Promise<number | undefined> {
  return await listens(preferred) ?? (must ? undefined : listens(0));
}

async function listens(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: chosen } = server.address() as { port: number };
      server.close(() => resolve(chosen));
    });
  });
}
