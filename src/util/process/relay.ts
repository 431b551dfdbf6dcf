import { spawn, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { writeSync } from 'node:fs';
import { closeAfterExit } from './close-after-exit';
import { OUTCOME, PROGRAM_OUTPUT, RELAYED_NODE_OPTIONS, type RelayMode, type RelayOutcome } from './relay-command';
import { visibleOutput } from '../text/visible-stream';

/*
 * A program of its own: runs another program, and shows what that writes, made visible, on standard error.
 *
 * The synthesis of an app is synchronous, so that the app's own process cannot read from a pipe while it waits for cargo.
 */

async function relay(mode: RelayMode, colours: boolean, program: string, args: readonly string[]): Promise<RelayOutcome> {
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
  // A reader who has gone is no reason to stop the program: what it writes is read, and dropped.
  process.stderr.on('error', () => filters.forEach((filter) => filter.unpipe().resume()));
  // Ctrl-C reaches the program too, which ends, or does not; its last words are shown.
  process.on('SIGINT', () => undefined);
  (['SIGTERM', 'SIGHUP'] as const).forEach((name) => process.on(name, () => child.kill(name)));
  const outcome = await new Promise<RelayOutcome>((resolve) => {
    child.once('error', ({ message }) => resolve({ error: message, status: null, signal: null }));
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  if (outcome.error === undefined) await Promise.all(shown);
  return outcome;
}

const [mode, colours, program, ...args] = process.argv.slice(2);
void relay(mode as RelayMode, colours === 'colours', program, args).then((outcome) => {
  writeSync(OUTCOME, JSON.stringify(outcome));
  // Standard error may be a pipe with something left in it.
  process.stderr.write('', () => process.exit(0));
});
