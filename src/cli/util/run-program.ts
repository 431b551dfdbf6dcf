import { spawn, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { CliError, Interrupted } from './errors';
import { detail, isInteractive, showOutput } from './terminal';
import { closeAfterExit } from '../../util/process/close-after-exit';
import { COLOURS, stderrHasColour } from '../../util/text/colours';
import { withoutUserinfo } from '../../util/text/redact';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;

  /**
   * What becomes of its output: both streams are shown ("terminal"); only standard error is ("progress"), and standard output is
   * dropped, or kept ("answer"); or both are kept.
   *
   * @default 'collect'
   */
  readonly output?: 'terminal' | 'progress' | 'answer' | 'collect';

  /**
   * Let it have the terminal itself where somebody can answer, if its output is shown: for programs that ask questions. It writes there
   * what it likes.
   *
   * @default false
   */
  readonly asks?: boolean;

  /** What to say where the program is missing. */
  readonly missing?: string;

  /** Told the id of the process. */
  readonly onStart?: (pid: number) => void;
}

export interface RunResult {
  readonly code: number;

  /** What was collected, empty when it was shown. */
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
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  detail(`$ ${withoutUserinfo([program, ...args].join(' '))}`);
  const { output = 'collect' } = options;
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    // A program that does not see the terminal behind the pipe is told of its colours.
    env: { ...output !== 'collect' && stderrHasColour() ? COLOURS : {}, ...options.env ?? process.env },
    stdio: stdioOf(output, options.asks),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, spawnOptions);
    closeAfterExit(child);
    let stdout = '';
    let stderr = '';
    const shown = [output === 'terminal' && child.stdout, output !== 'collect' && child.stderr]
      .filter((stream) => !!stream).map(showOutput);
    if (output !== 'terminal') child.stdout?.setEncoding('utf-8').on('data', (text: string) => (stdout += text));
    if (output === 'collect') child.stderr?.setEncoding('utf-8').on('data', (text: string) => (stderr += text));

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
      void Promise.allSettled(shown).then(() => {
        if (received) reject(new Interrupted());
        else resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr });
      });
    });
  });
}

/** What a program prints is progress here, on standard error; results are ours alone. */
function stdioOf(output: NonNullable<RunOptions['output']>, asks = false): StdioOptions {
  const shows = output === 'terminal' || output === 'progress';
  // eslint-disable-next-line no-restricted-syntax, no-restricted-properties -- a program that asks, where somebody can answer
  if (asks && shows && isInteractive()) return ['inherit', output === 'terminal' ? process.stderr : 'ignore', 'inherit'];
  return ['ignore', output === 'progress' ? 'ignore' : 'pipe', 'pipe'];
}
