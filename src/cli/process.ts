import { spawn, type SpawnOptions } from 'node:child_process';
import { CliError, Interrupted } from './errors';
import { detail } from './terminal';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;

  /**
   * What becomes of its output: both streams go to the terminal; only standard error does ("progress"), and standard output is
   * dropped, or kept ("answer"); or both are kept.
   *
   * @default 'collect'
   */
  readonly output?: 'terminal' | 'progress' | 'answer' | 'collect';

  /** What to say where the program is missing. */
  readonly missing?: string;

  /** Told the id of the process. */
  readonly onStart?: (pid: number) => void;
}

export interface RunResult {
  readonly code: number;

  /** What was collected, empty when it went to the terminal. */
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a process may take to end after a signal that the terminal may have sent to it as well. */
const GRACE_MS = 300;

/**
 * Runs a program with an array of arguments, to its end.
 *
 * Ctrl-C and requests to end reach the program too, and are thrown once it has ended.
 *
 * @throws CliError when the program is missing; Interrupted
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  detail(`$ ${[program, ...args].join(' ')}`);
  const { output = 'collect' } = options;
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    env: options.env ?? process.env,
    // What a program prints is progress here; results are ours alone.
    stdio: {
      terminal: ['inherit' as const, process.stderr, 'inherit' as const],
      progress: ['inherit' as const, 'ignore' as const, 'inherit' as const],
      answer: ['ignore' as const, 'pipe' as const, 'inherit' as const],
      collect: ['ignore' as const, 'pipe' as const, 'pipe' as const],
    }[output],
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, spawnOptions);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf-8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf-8').on('data', (text: string) => (stderr += text));

    if (child.pid !== undefined) options.onStart?.(child.pid);
    let received: NodeJS.Signals | undefined;
    const forward = (signal: NodeJS.Signals) => {
      // The second Ctrl-C does not ask again.
      const next = received ? 'SIGKILL' : signal;
      received = signal;
      setTimeout(() => child.exitCode === null && child.signalCode === null && child.kill(next), next === 'SIGINT' ? GRACE_MS : 0).unref();
    };
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    signals.forEach((signal) => process.on(signal, forward));
    const done = () => signals.forEach((signal) => process.off(signal, forward));

    child.once('error', (error: NodeJS.ErrnoException) => {
      done();
      reject(new CliError(error.code === 'ENOENT' ? options.missing ?? `${program} was not found` : `${program} could not be started: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      done();
      if (received) reject(new Interrupted());
      else resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr });
    });
  });
}
