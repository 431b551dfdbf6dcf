import { spawnSync } from 'node:child_process';
import { UserError } from './user-error';

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
  /** Show what the process writes to stderr while it runs, rather than keep it. */
  readonly showProgress?: boolean;
}

/** Runs a program to its end, without a shell. Throws only when it cannot be started. */
export function run(program: string, args: string[], options: RunOptions = {}): Outcome {
  const child = spawnSync(program, args, {
    cwd: options.cwd,
    env: options.env,
    encoding: 'utf-8',
    // The messages of a build with hundreds of crates are some megabytes.
    maxBuffer: 1024 ** 3,
    stdio: ['ignore', 'pipe', options.showProgress ? 2 : 'pipe'],
  });
  if (child.error) {
    throw new UserError(`${program} could not be started in ${options.cwd ?? process.cwd()}: ${child.error.message}`);
  }
  return { ok: child.status === 0, status: child.status, signal: child.signal, stdout: child.stdout ?? '', stderr: child.stderr ?? '' };
}

/** How a process that failed ended, in words. */
export function ending(outcome: Outcome): string {
  return outcome.signal ? `was stopped by ${outcome.signal}` : `exited with status ${outcome.status}`;
}
