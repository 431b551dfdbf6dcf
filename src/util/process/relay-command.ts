import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { COLOURS, stderrHasColour } from '../text/colours';

/**
 * The compiled program; `lib` is beside `src`, so that tests find it too. The command line, which is bundled elsewhere, does not need it:
 * it waits for programs without blocking.
 */
const RELAY = join(__dirname, '..', '..', '..', 'lib', 'util', 'process', 'relay.js');

/**
 * The variable that carries the program's own NODE_OPTIONS past the relay.
 */
export const RELAYED_NODE_OPTIONS = 'PMCP_DEPLOY_RELAYED_NODE_OPTIONS';

/**
 * The descriptor to which the relay writes how the program ended.
 */
export const OUTCOME = 3;

/**
 * The descriptor that the relay gives the program as its standard output. It is not the relay's own standard output: Node.js sets that to
 * non-blocking, for the program too, and a program such as cargo fails (EAGAIN) when it writes faster than the app reads.
 */
export const PROGRAM_OUTPUT = 4;

/**
 * What of a program is shown: its standard error, while its standard output is returned ("progress"), or both ("output"). "shell" is
 * "output" of a line of shell.
 */
export type RelayMode = 'progress' | 'output' | 'shell';

/**
 * How a program ended.
 */
export interface RelayOutcome {
  /** Why it could not be started. */
  readonly error?: string;
  readonly status: number | null;
  readonly signal: string | null;
}

/**
 * Runs a program to its end, and shows what it writes on standard error while it runs, without what a terminal would obey.
 */
export function runShown(mode: RelayMode, program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv }) {
  const colours = stderrHasColour();
  // Options for Node.js, such as those of a debugger, are for the program, not for ours.
  const { NODE_OPTIONS: nodeOptions, ...env } = options.env ?? process.env;
  const child = spawnSync(process.execPath, [RELAY, mode, colours ? 'colours' : 'plain', program, ...args], {
    cwd: options.cwd,
    env: { ...colours ? COLOURS : {}, ...env, ...nodeOptions === undefined ? {} : { [RELAYED_NODE_OPTIONS]: nodeOptions } },
    encoding: 'utf-8',
    // The messages of a build with hundreds of crates are some megabytes.
    maxBuffer: 1024 ** 3,
    // See PROGRAM_OUTPUT: the program's standard output is not the relay's own.
    stdio: ['ignore', 'ignore', 2, 'pipe', mode === 'progress' ? 'pipe' : 'ignore'],
  });
  const answer = child.output?.[OUTCOME];
  const outcome: RelayOutcome = answer ? JSON.parse(answer) as RelayOutcome
    : { error: child.error?.message, status: child.status === 0 ? 1 : child.status, signal: child.signal };
  return { ...outcome, stdout: child.output?.[PROGRAM_OUTPUT] ?? '' };
}

