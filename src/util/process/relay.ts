import { spawn, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { writeSync } from 'node:fs';
import { closeAfterExit } from './close-after-exit';
import { PROGRAM_OUTPUT, RELAYED_NODE_OPTIONS, type RelayMode, type RelayResult, RESULT } from './relay-command';
import { visibleOutput } from '../text/visible-stream';

/*
 * A separate program that runs another program, and shows its output on standard error, with control characters made visible.
 *
 * Synthesis is synchronous, so the process of the app cannot read from a pipe while it waits for cargo.
 */

async function relay(mode: RelayMode, colours: boolean, program: string, args: readonly string[]): Promise<RelayResult> {
  const stdio: StdioOptions = ['ignore', mode === 'progress' ? PROGRAM_OUTPUT : 'pipe', 'pipe'];
  const { [RELAYED_NODE_OPTIONS]: nodeOptions, ...env } = process.env;
  const given = nodeOptions === undefined ? env : { ...env, NODE_OPTIONS: nodeOptions };
  const options: SpawnOptions = { stdio, shell: mode === 'shell', env: given };
  const child = spawn(program, args, options);
  closeAfterExit(child);
  const filters = [child.stdout, child.stderr].filter((stream) => stream !== null).map((stream) => visibleOutput(stream, colours));
  const shown = filters.map(async (filter) => new Promise<void>((resolve) => {
    filter.once('end', resolve).pipe(process.stderr, { end: false });
  }));
  // If standard error is closed, the program continues, and its output is read and dropped.
  process.stderr.on('error', () => filters.forEach((filter) => filter.unpipe().resume()));
  // Ctrl-C reaches the program too. The relay continues, to show the rest of its output.
  process.on('SIGINT', () => undefined);
  (['SIGTERM', 'SIGHUP'] as const).forEach((name) => process.on(name, () => child.kill(name)));
  const result = await new Promise<RelayResult>((resolve) => {
    child.once('error', ({ message }) => resolve({ error: message, status: null, signal: null }));
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  if (result.error === undefined) await Promise.all(shown);
  return result;
}

const [mode, colours, program, ...args] = process.argv.slice(2);
void relay(mode as RelayMode, colours === 'colours', program, args).then((result) => {
  writeSync(RESULT, JSON.stringify(result));
  // Standard error can be a pipe that is not empty yet.
  process.stderr.write('', () => process.exit(0));
});
