import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { COLOURS, stderrHasColour } from '../text/colours';

/**
 * The compiled relay. `lib` is next to `src`, so tests find it too. The command line, which is bundled into one file, does not use it: it
 * waits for programs without blocking.
 */
const RELAY = join(__dirname, '..', '..', '..', 'lib', 'util', 'process', 'relay.js');

/** The variable that carries NODE_OPTIONS for the program past the relay, which is a Node.js process itself. */
export const RELAYED_NODE_OPTIONS = 'PMCP_DEPLOY_RELAYED_NODE_OPTIONS';

/**
 * Descriptor to which the relay writes the result of the program.
 */
export const RESULT = 3;

/**
 * Descriptor that the relay gives the program as its standard output. It is not the relay's own standard output: Node.js makes that
 * non-blocking, for the program too, and a program such as cargo fails (EAGAIN) if it writes faster than the app reads.
 */
export const PROGRAM_OUTPUT = 4;

/**
 * Which output of a program is shown. "progress" shows its standard error, and returns its standard output. "output" shows both. "shell"
 * shows both, and the program is a line of shell.
 */
export type RelayMode = 'progress' | 'output' | 'shell';

/** How a program ended. */
export interface RelayResult {
  /** The reason why it could not be started. */
  readonly error?: string;
  readonly status: number | null;
  readonly signal: string | null;
}

/** The messages of a build with hundreds of crates have some megabytes. */
export const MAX_OUTPUT_BYTES = 1024 ** 3;

/** Run a program, and show its output on standard error while it runs, with terminal control characters made visible. */
export function runRelay(mode: RelayMode, program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv }) {
  const colours = stderrHasColour();
  // Options for Node.js, such as those of a debugger, are meant for the program.
  const { NODE_OPTIONS: nodeOptions, ...env } = options.env ?? process.env;
  const child = spawnSync(process.execPath, [RELAY, mode, colours ? 'colours' : 'plain', program, ...args], {
    cwd: options.cwd,
    env: { ...colours ? COLOURS : {}, ...env, ...nodeOptions === undefined ? {} : { [RELAYED_NODE_OPTIONS]: nodeOptions } },
    encoding: 'utf-8',
    maxBuffer: MAX_OUTPUT_BYTES,
    // See PROGRAM_OUTPUT: the program's standard output is not the relay's own.
    stdio: ['ignore', 'ignore', 2, 'pipe', mode === 'progress' ? 'pipe' : 'ignore'],
  });
  const answer = child.output?.[RESULT];
  const result: RelayResult = answer ? JSON.parse(answer) as RelayResult
    : { error: child.error?.message, status: child.status === 0 ? 1 : child.status, signal: child.signal };
  return { ...result, stdout: child.output?.[PROGRAM_OUTPUT] ?? '' };
}
