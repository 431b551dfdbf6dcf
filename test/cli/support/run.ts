import { main } from '../../../src/cli/main';

/** What a run of the command line printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function cli(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  const before = { cwd: process.cwd(), env: process.env };
  let stdout = '';
  let stderr = '';
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
  try {
    process.chdir(cwd);
    process.env = env;
    const code = await main(['node', 'pmcp-deploy', ...args]);
    // Times are not to be compared.
    return { code, stdout, stderr: stderr.replace(/ {2}\d+\.\ds$/gm, '') };
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    out.mockRestore();
    err.mockRestore();
  }
}
