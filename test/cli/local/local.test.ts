import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ministack } from '../../../src/cli/local/ministack';
import { shellLines } from '../../../src/cli/local/profile';
import { isRunning, processStart } from '../../../src/util/process/process-start';
import { awsError, emptyAccount, sts } from '../support/aws';
import { onCleanup, TestProject, write } from '../support/project';
import { cli } from '../support/run';

jest.mock('../../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

/** Proves itself as the guard of the local AWS does, and shows its environment and arguments. */
const SERVER = `
  const { createHmac } = require('node:crypto');
  const { createServer } = require('node:http');
  const { AWS_SECRET_ACCESS_KEY: secret } = process.env;
  const sign = (side, challenge) => createHmac('sha256', secret).update(\`pmcp-deploy \${side} \${challenge}\`).digest('hex');
  createServer(({ url, headers }, answer) => {
    const challenge = headers['x-pmcp-deploy-challenge'];
    if (url === '/environment') answer.end(JSON.stringify({ environment: process.env, args: process.argv }));
    else if (headers['x-pmcp-deploy-proof'] !== sign('client', challenge)) answer.writeHead(403).end('{}');
    else answer.end(JSON.stringify({ proof: sign('server', challenge) }));
  }).listen(Number(process.env.GATEWAY_PORT), process.env.BIND_HOST);
`;

// Processes are started and ended, which a busy machine does slowly.
jest.setTimeout(60_000);

interface State {
  readonly pid: number;
  readonly port: number;
  readonly secret: string;
}

let project: TestProject;
let home: string;

beforeEach(() => {
  emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError('Unknown'));
  project = new TestProject();
  home = join(project.cache, basename(ministack().home));
  write(join(home, '.complete'), '');
  write(join(home, 'server.js'), SERVER);
  write(join(home, 'bin', 'python'), `#!/bin/sh\nexec "${process.execPath}" "${home}/server.js" "$@"\n`, 0o755);
  onCleanup(async () => local('--stop'));
});

/** Folders for programs that the fake tools need. */
function environment(): NodeJS.ProcessEnv {
  return { ...project.environment('/usr/bin', '/bin'), AWS_PROFILE: 'mine', AWS_SECRET_ACCESS_KEY: 'my secret', GITHUB_TOKEN: 'mine' };
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
  expect(stdout).toBe(
    `the local AWS runs at http://127.0.0.1:${first.port} (ministack 1.5.33, process ${first.pid}); `
    + `its log is ${project.cache}/local-aws/ministack.log\n`,
  );
  expect(JSON.parse((await local('--status', '--json')).stdout)).toMatchObject({ running: true, pid: first.pid });

  expect((await local('--stop')).stderr).toBe('✔ the local AWS has stopped\n');
  // Nobody may have waited for it yet: what is left of it then does not run.
  expect(processStart(first.pid)).toBeUndefined();
  expect(existsSync(join(project.cache, 'local-aws'))).toBe(false);
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  expect((await local('--stop')).stderr).toBe('✔ no local AWS was running\n');
});

function remember(remembered: object): void {
  write(join(project.cache, 'local-aws', 'state.json'), JSON.stringify({ ...remembered, version: '1.5.33' }));
}

function modeOf(path: string): string {
  return statSync(path).mode.toString(8).slice(-3);
}

async function seenBy({ port }: State): Promise<{ environment: Record<string, string>; args: string[] }> {
  return await (await fetch(`http://127.0.0.1:${port}/environment`)).json() as { environment: Record<string, string>; args: string[] };
}

test("security C1: it and its functions get none of the user's credentials, tokens and settings, nor the home folder", async () => {
  const started = await start();
  const { environment: env } = await seenBy(started);
  const folder = `${project.cache}/local-aws`;
  expect(Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('AWS_')))).toEqual({
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: started.secret,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${started.port}`,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect(env).toMatchObject({ BIND_HOST: '127.0.0.1', TMPDIR: `${folder}/tmp`, HOME: `${folder}/home` });
  expect(env.PATH.split(':')[0]).toBe(dirname(process.execPath));
  expect(env).not.toHaveProperty('GITHUB_TOKEN');
  expect(readdirSync(env.HOME)).toEqual([]);
});

test('security C1: each start has a secret of its own, in files that only the owner can read, and in no argument', async () => {
  const folder = join(project.cache, 'local-aws');
  // As an older release left it.
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const first = await start();
  expect(first.secret).toMatch(/^[\w-]{40}$/);
  expect(modeOf(folder)).toBe('700');
  for (const name of ['state.json', 'aws-config', 'ministack.log']) expect(modeOf(join(folder, name))).toBe('600');
  expect((await seenBy(first)).args.join(' ')).not.toContain(first.secret);
  await local('--stop');
  expect((await start()).secret).not.toBe(first.secret);
});

test('security C1: --env leads the aws CLI there without printing the secret', async () => {
  expect(await local('--env')).toMatchObject({ code: 1, stderr: expect.stringContaining('the local AWS is not running') });
  const { secret, port } = await start();
  const { stdout } = await local('--env');
  const file = join(project.cache, 'local-aws', 'aws-config');
  expect(stdout).toBe([
    'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL',
    `export AWS_CONFIG_FILE='${file}'`, "export AWS_SHARED_CREDENTIALS_FILE='/dev/null'", "export AWS_PROFILE='default'",
    "export AWS_REGION='eu-west-1'", "export AWS_DEFAULT_REGION='eu-west-1'", '',
  ].join('\n'));
  expect(readFileSync(file, 'utf-8').split('\n')).toEqual([
    '[default]', `endpoint_url = http://127.0.0.1:${port}`, 'aws_access_key_id = 000000000000', `aws_secret_access_key = ${secret}`,
    's3 =', '  signature_version = s3v4', '',
  ]);
  const status = await local('--status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ awsConfigFile: file });
  expect(status.stdout).not.toContain(secret);
  expect((await local('--env', '--stop')).stderr).toContain('--stop and --env cannot be combined');
});

test('a path with a quote in it stays one word for the shell', () => {
  expect(shellLines('eu-west-1', "/it's here/aws-config")).toContain("export AWS_CONFIG_FILE='/it'\\''s here/aws-config'");
});

test('security C1: who took the port of a local AWS that has ended learns nothing that opens it, and is not believed', async () => {
  const heard: string[] = [];
  const stranger = createServer(({ headers }, answer) => {
    heard.push(JSON.stringify(headers));
    answer.end(JSON.stringify({ proof: headers['x-pmcp-deploy-proof'] }));
  });
  onCleanup(() => void stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as { port: number };
  const secret = 'the-secret-of-a-start-that-has-ended-0001';
  remember({ pid: 2 ** 22 + 1, start: '1', port, secret });
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  expect(heard).toHaveLength(1);
  expect(heard[0]).not.toContain(secret);
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
  remember({ pid: stranger.pid, start: '1', port: 1, secret: 'x' });
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  expect((await local('--stop')).stderr).toBe('✔ no local AWS was running\n');
  expect(isRunning(stranger.pid!)).toBe(true);
});

test("a stranger's server on the remembered port is not taken for ours", async () => {
  const stranger = createServer((_, answer) => answer.end(JSON.stringify({ edition: 'light' })));
  onCleanup(() => void stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as { port: number };
  remember({ pid: 2 ** 22 + 1, start: '1', port, secret: 'x' });
  expect((await local('--status')).stdout).toBe('the local AWS is not running\n');
  const { code, stderr } = await cli(project.root, environment(), 'outputs', '--local');
  expect(stderr).toBe('error: the local AWS is not running\n  start it with: npx pmcp-deploy local\n');
  expect(code).toBe(1);
});

test('one that ends at once says what it said', async () => {
  write(join(home, 'bin', 'python'), '#!/bin/sh\necho "no module named ministack"\nexit 1\n', 0o755);
  const { code, stderr } = await local();
  expect(stderr).toBe('✔ Configuration  hello, stage default, eu-west-1\n✖ Local AWS\n'
    + 'error: the local AWS did not start; the end of its log:\n  no module named ministack\n'
    + `  the whole log is ${project.cache}/local-aws/ministack.log; to reset the local AWS: npx pmcp-deploy local --stop\n`);
  expect(code).toBe(2);
});
