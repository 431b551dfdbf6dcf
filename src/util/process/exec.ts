import { spawnSync } from 'node:child_process';
import { UserError } from '../user-error';
import { type RelayMode, runShown } from './relay-command';

/** What a process said and how it ended. */
export interface Outcome {
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

/** Runs a program to its end, without a shell, and returns what it wrote. Throws only when it cannot be started. */
export function run(program: string, args: string[], options: RunOptions = {}): Outcome {
  const child = spawnSync(program, args, {
    cwd: options.cwd,
    env: options.env,
    encoding: 'utf-8',
    // The messages of a build with hundreds of crates are some megabytes.
    maxBuffer: 1024 ** 3,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.error) {
    throw notStarted(program, options, child.error.message);
  }
  return { ok: child.status === 0, status: child.status, signal: child.signal, stdout: child.stdout ?? '', stderr: child.stderr ?? '' };
}

/**
 * Runs a program to its end, and shows on standard error what it writes: its standard error, while its standard output is returned
 * ("progress"), or both ("output", and "shell" for a line of shell). Throws only when it cannot be started.
 */
export function show(mode: RelayMode, program: string, args: string[], options: RunOptions = {}): Outcome {
  const { error, status, signal, stdout } = runShown(mode, program, args, options);
  if (error !== undefined) {
    throw notStarted(program, options, error);
  }
  return { ok: status === 0, status, signal, stdout, stderr: '' };
}

function notStarted(program: string, { cwd }: RunOptions, why: string): UserError {
  return new UserError(`${program} could not be started in ${cwd ?? process.cwd()}: ${why}`);
}

/** How a process that failed ended, in words. */
export function ending(outcome: Outcome): string {
  return outcome.signal ? `was stopped by ${outcome.signal}` : `exited with status ${outcome.status}`;
}
