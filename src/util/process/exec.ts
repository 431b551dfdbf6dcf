import { spawnSync } from 'node:child_process';
import { MAX_OUTPUT_BYTES, type RelayMode, runRelay } from './relay-command';
import { UserError } from '../user-error';

/** Output and exit status of a process. */
export interface ProcessResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Run a program without a shell, and return its output.
 *
 * @throws UserError if the program cannot be started
 */
export function run(program: string, args: string[], options: RunOptions = {}): ProcessResult {
  const child = spawnSync(program, args, {
    cwd: options.cwd,
    env: options.env,
    encoding: 'utf-8',
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.error) {
    throw startError(program, options, child.error.message);
  }
  return { ok: child.status === 0, status: child.status, signal: child.signal, stdout: child.stdout ?? '', stderr: child.stderr ?? '' };
}

/**
 * Run a program, and show its output on standard error while it runs.
 *
 * @throws UserError if the program cannot be started
 */
export function runShown(mode: RelayMode, program: string, args: string[], options: RunOptions = {}): ProcessResult {
  const { error, status, signal, stdout } = runRelay(mode, program, args, options);
  if (error !== undefined) {
    throw startError(program, options, error);
  }
  return { ok: status === 0, status, signal, stdout, stderr: '' };
}

function startError(program: string, { cwd }: RunOptions, reason: string): UserError {
  return new UserError(`${program} could not be started in ${cwd ?? process.cwd()}: ${reason}`);
}

/** Describe how a failed process ended, as a predicate: "exited with status 1". */
export function describeExit(result: ProcessResult): string {
  return result.signal ? `was stopped by ${result.signal}` : `exited with status ${result.status}`;
}
