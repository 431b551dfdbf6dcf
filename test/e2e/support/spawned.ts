import { spawn } from 'node:child_process';
import { installed } from '../../support/app';
import { e2eEnv } from '../../support/env';

/** Start `pmcp-deploy ARGS`, which waits for a person while the test continues. */
export function spawnPmcpDeploy(folder: string, args: string[]) {
  const child = spawn(installed(folder), args, { cwd: folder, env: e2eEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<number>((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf-8').on('data', (text: string) => (output += text));
  return {
    ended,
    output: () => output,
    /** All that was said, as soon as it has what is waited for. */
    said: async (pattern: RegExp): Promise<string> => new Promise((resolve, reject) => {
      const look = () => {
        if (pattern.test(output)) resolve(output);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then((code) => reject(new Error(`pmcp-deploy ${args.join(' ')} ended with ${code}\n${output}`)));
      look();
    }),
  };
}
