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
   * What happens to its output:
   *
   * - "terminal": both streams are shown
   * - "progress": standard error is shown, standard output is dropped
   * - "answer": standard error is shown, standard output is returned
   * - "collect": both are returned
   *
   * @default 'collect'
   */
  readonly output?: 'terminal' | 'progress' | 'answer' | 'collect';

  /**
   * Give the program the terminal itself, if there is one and its output is shown, so that it can ask questions. Its output is then not
   * filtered.
   *
   * @default false
   */
  readonly asks?: boolean;

  /** Message of the error if the program is missing. */
  readonly missing?: string;

  /** Called with the id of the process. */
  readonly onStart?: (pid: number) => void;
}

export interface RunResult {
  readonly code: number;

  /** The collected output. Empty if it was shown. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Time for a process to end after Ctrl-C, which the terminal may have sent to it too, before the signal is forwarded. */
const GRACE_MS = 300;

/**
 * Run a program, and wait until it ends.
 *
 * Signals such as Ctrl-C are forwarded to the program.
 *
 * @throws CliError if the program is missing; Interrupted if there was a signal, after the program has ended
 */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  detail(`$ ${withoutUserinfo([program, ...args].join(' '))}`);
  const { output = 'collect' } = options;
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    // The program writes to a pipe, so it needs variables to know that the terminal has colours.
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
      // Escalate to SIGKILL on the second signal.
      const next = received ? 'SIGKILL' : signal;
      received = signal;
      const kill = () => child.exitCode === null && child.signalCode === null && child.kill(next);
      setTimeout(kill, next === 'SIGINT' ? GRACE_MS : 0).unref();
    };
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    signals.forEach((signal) => process.on(signal, forward));
    const stopForwarding = () => signals.forEach((signal) => process.off(signal, forward));

    child.once('error', (error: NodeJS.ErrnoException) => {
      stopForwarding();
      const message = error.code === 'ENOENT'
        ? options.missing ?? `${program} was not found`
        : `${program} could not be started: ${error.message}`;
      reject(new CliError(message, { cause: error }));
    });
    child.once('close', (code, signal) => {
      stopForwarding();
      void Promise.allSettled(shown).then(() => {
        if (received) reject(new Interrupted());
        else resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr });
      });
    });
  });
}

/** A program's output is progress, so it goes to standard error. Standard output is for results of the command. */
function stdioOf(output: NonNullable<RunOptions['output']>, asks = false): StdioOptions {
  const shows = output === 'terminal' || output === 'progress';
  // eslint-disable-next-line no-restricted-syntax, no-restricted-properties -- a program that asks questions, on a terminal
  if (asks && shows && isInteractive()) return ['inherit', output === 'terminal' ? process.stderr : 'ignore', 'inherit'];
  return ['ignore', output === 'progress' ? 'ignore' : 'pipe', 'pipe'];
}
