import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { awsError, emptyAccount, sts } from './support/aws';
import { onCleanup, TestProject, write } from './support/project';
import { cli } from './support/run';
import { isRunning, processStart } from '../../src/cli/local/processes';

jest.mock('../../src/rust/toolchain', () => ({
  ...jest.requireActual<object>('../../src/rust/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

/** Answers for health as ministack does. */
const SERVER = `
  const { createServer } = require('node:http');
  createServer((_, answer) => answer.end(JSON.stringify({ edition: process.env.MINISTACK_EDITION, environment: process.env })))
    .listen(Number(process.env.GATEWAY_PORT), process.env.BIND_HOST);
`;

interface State {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
}

let project: TestProject;

beforeEach(() => {
  emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError('Unknown'));
  project = new TestProject();
  const home = join(project.cache, 'ministack-1.5.33-jwt');
  write(join(home, '.complete'), '');
  write(join(home, 'server.js'), SERVER);
  write(join(home, 'bin', 'python'), `#!/bin/sh\nexec "${process.execPath}" "${home}/server.js"\n`, 0o755);
  onCleanup(async () => local('--stop'));
});

/** Folders for programs that the fake tools need. */
function environment(): NodeJS.ProcessEnv {
  return { ...project.environment('/usr/bin', '/bin'), AWS_PROFILE: 'mine', AWS_SECRET_ACCESS_KEY: 'my secret' };
}

async function local(...args: string[]) {
  return cli(project.root, environment(), 'local', ...args);
}

/** Starts the local AWS; the deployment into it fails at once, since this one is none. */
async function start(): Promise<State> {
  await local();
  return state()!;
}

function state(): State | undefined {
  const file = join(project.cache, 'local-aws', 'state.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf-8')) as State : undefined;
}

test('a second start reuses the first; --status tells, --stop ends it', async () => {
  const first = await start();
  const second = await start();
  expect(second).toEqual(first);
  const { stdout } = await local('--status');
  expect(stdout).toBe(`the local AWS runs at http://127.0.0.1:${first.port} (ministack 1.5.33, process ${first.pid}); its log is ${project.cache}/local-aws/ministack.log\n`);
  expect(JSON.parse((await local('--status', '--json')).stdout)).toMatchObject({ running: true, pid: first.pid });

  expect((await local('--stop')).stderr).toBe('✔ the local AWS has ended\n');
  // Nobody may have waited for it yet: what is left of it then does not run.
  expect(processStart(first.pid)).toBeUndefined();
  expect(existsSync(join(project.cache, 'local-aws'))).toBe(false);
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  expect((await local('--stop')).stderr).toBe('✔ no local AWS was running\n');
});

test("it gets none of the user's credentials and settings", async () => {
  const { port } = await start();
  const { environment: env } = await (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).json() as { environment: Record<string, string> };
  expect(Object.keys(env).filter((name) => name.startsWith('AWS_')).sort()).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  expect(env).toMatchObject({ AWS_SECRET_ACCESS_KEY: 'test', BIND_HOST: '127.0.0.1', TMPDIR: `${project.cache}/local-aws/tmp` });
});

test('one that was killed is not believed: the next start makes a new one', async () => {
  const first = await start();
  process.kill(first.pid, 'SIGKILL');
  const second = await start();
  expect(second.pid).not.toBe(first.pid);
  expect((await local('--status')).stdout).toContain(`process ${second.pid}`);
});

test("a stranger's process with the remembered id is left alone", async () => {
  const stranger = spawn('sleep', ['60']);
  onCleanup(() => void stranger.kill());
  write(join(project.cache, 'local-aws', 'state.json'), JSON.stringify({ pid: stranger.pid, start: '1', port: 1, token: 'pmcp-deploy-x', version: '1.5.33' }));
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  expect((await local('--stop')).stderr).toBe('✔ no local AWS was running\n');
  expect(isRunning(stranger.pid!)).toBe(true);
});

test("a stranger's server on the remembered port is not taken for ours", async () => {
  const stranger = createServer((_, answer) => answer.end(JSON.stringify({ edition: 'light' })));
  onCleanup(() => void stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as { port: number };
  write(join(project.cache, 'local-aws', 'state.json'), JSON.stringify({ pid: 2 ** 22 + 1, start: '1', port, token: 'pmcp-deploy-x', version: '1.5.33' }));
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  const { code, stderr } = await cli(project.root, environment(), 'outputs', '--local');
  expect(stderr).toBe('error: the local AWS is not running\n  start it with: npx pmcp-deploy local\n');
  expect(code).toBe(1);
});

test('one that ends at once says what it said', async () => {
  write(join(project.cache, 'ministack-1.5.33-jwt', 'bin', 'python'), '#!/bin/sh\necho "no module named ministack"\nexit 1\n', 0o755);
  const { code, stderr } = await local();
  expect(stderr).toBe('✔ Configuration  hello, stage default, eu-west-1\n✖ Local AWS\n'
    + 'error: the local AWS did not start; the end of its log:\nno module named ministack\n'
    + `  the whole log is ${project.cache}/local-aws/ministack.log; to start afresh: npx pmcp-deploy local --stop\n`);
  expect(code).toBe(2);
});
