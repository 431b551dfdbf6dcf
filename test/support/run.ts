import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show the program's output as it comes. @default - only when PMCP_DEPLOY_E2E_VERBOSE is set */
  readonly show?: boolean;
  readonly input?: string;
  /** In milliseconds. @default - fifteen minutes */
  readonly timeout?: number;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and collects what it says, whatever its exit status. */
export function tryRun(program: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const show = options.show ?? Boolean(process.env.PMCP_DEPLOY_E2E_VERBOSE);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeout ?? 15 * 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf-8').on('data', (text: string) => {
      stdout += text;
      if (show) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf-8').on('data', (text: string) => {
      stderr += text;
      if (show) process.stderr.write(text);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status: status ?? (signal ? 128 : 1), stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program that must succeed; its output is in the error when it does not. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await tryRun(program, args, options);
  if (result.status !== 0) {
    throw new Error(`${[program, ...args].join(' ')} failed with exit code ${result.status}\n${result.stdout}\n${result.stderr}`);
  }
  return result;
}
