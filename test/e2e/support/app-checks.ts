import { e2eEnv } from '../../support/env';
import { run, tryRun, type RunResult } from '../../support/run';

/** Run a program that is installed in an app, and return its result whatever its exit code is. */
export function runInApp(app: string, program: string, args: string[]): Promise<RunResult> {
  return tryRun('npx', ['--no-install', program, ...args], { cwd: app, env: e2eEnv() });
}

/** Run `npx projen`, and return the files that it changed, one a line. */
export async function projenChanges(app: string): Promise<string> {
  await run('git', ['add', '--all'], { cwd: app });
  expect(await runInApp(app, 'projen', [])).toMatchObject({ status: 0 });
  return (await run('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: app })).stdout
    .split('\n').filter((line) => /^(.[^ ]|\?\?)/.test(line)).join('\n');
}

/** Check that an app compiles, that its stack can be listed, and that its command line runs. */
export async function expectWorkingApp(app: string, stack: string): Promise<void> {
  expect(await runInApp(app, 'tsc', ['--noEmit'])).toMatchObject({ status: 0 });
  expect(await runInApp(app, 'cdk', ['ls'])).toMatchObject({ status: 0, stdout: `${stack}\n` });
  expect(await runInApp(app, 'pmcp-deploy', ['--help'])).toMatchObject({ status: 0 });
}
