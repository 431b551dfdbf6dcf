import { spawn } from 'node:child_process';
import { join } from 'node:path';

/*
 * Runs tasks of this project at the same time, each with a processor of its own. The output of each is shown in one piece when it ends.
 *
 * tsx projenrc/side-by-side.ts <task> ...
 */

const PROJEN = join(__dirname, '..', 'node_modules', 'projen', 'bin', 'projen');

/** Run a task, and return if it succeeded. */
async function succeeds(task: string): Promise<boolean> {
  const child = spawn(process.execPath, [PROJEN, task], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  process.stderr.write(Buffer.concat(output));
  return status === 0;
}

void Promise.all(process.argv.slice(2).map(succeeds)).then((results) => {
  if (results.includes(false)) process.exitCode = 1;
});
