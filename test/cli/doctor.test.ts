import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { awsError, emptyAccount, notBootstrapped, stackIs, sts } from './support/aws';
import { TestProject, write } from './support/project';
import { cli } from './support/run';
import type * as Toolchain from '../../src/rust/toolchain';

let mockTarget: () => void;
jest.mock('../../src/rust/toolchain', () => ({
  ...jest.requireActual<typeof Toolchain>('../../src/rust/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2', zig: '0.15.1' }, sysroot: '/' }),
  checkTarget: () => mockTarget(),
}));

let project: TestProject;
let online: jest.SpiedFunction<typeof fetch>;

beforeEach(() => {
  emptyAccount();
  mockTarget = () => undefined;
  project = new TestProject();
  project.tool('python3', 'echo 3.13');
  online = jest.spyOn(global, 'fetch').mockResolvedValue(new Response());
});
afterEach(() => online.mockRestore());

async function doctor(...args: string[]) {
  const ran = await cli(project.root, project.environment('/usr/bin', '/bin'), 'doctor', ...args);
  return { ...ran, lines: ran.stderr.trimEnd().split('\n') };
}

test('all is well', async () => {
  const { code, lines } = await doctor();
  expect(lines).toEqual([
    `✔ deploy.toml       ${project.root}/.pmcp/deploy.toml: hello, stage default, eu-west-1`,
    `✔ Node.js           ${process.versions.node}`,
    '✔ Python            python3',
    '✔ Rust              cargo 1.95.0 (abc 2026-01-01)',
    `✔ cargo-lambda      cargo-lambda 1.9.2, ${project.root}/tools/cargo-lambda`,
    '✔ Rust target, zig  aarch64-unknown-linux-gnu, zig 0.15.1',
    `✔ CDK app           ${project.root}/deploy, aws-cdk 2.1148.1`,
    '✔ Network           https://sts.eu-west-1.amazonaws.com/ answers',
    '✔ Credentials       account 111111111111',
    '✔ CDK bootstrap     version 30',
    '✔ Stack             hello is not deployed yet',
    '✔ Local AWS         does not run (npx pmcp-deploy local starts it)',
  ]);
  expect(code).toBe(0);
});

test('each problem is told with its fix, and counted', async () => {
  write(join(project.root, '.pmcp', 'deploy.toml'), '[aws]\nregion = 5\n');
  project.tool('cargo', 'exit 1');
  const { code, lines } = await doctor();
  expect(lines[0]).toMatch(/^✖ deploy\.toml {7}.*deploy\.toml:/);
  expect(lines).toEqual(expect.arrayContaining([`✖ Rust              ${project.root}/tools/cargo does not run`, '                    rustup default stable']));
  expect(lines.at(-1)).toBe('error: 2 problems found');
  expect(code).toBe(1);
});

test('without credentials, the account is not looked at', async () => {
  sts.on(GetCallerIdentityCommand).rejects(awsError('ExpiredToken'));
  const { code, lines } = await doctor();
  expect(lines).toEqual(expect.arrayContaining([
    expect.stringMatching(/^✖ Credentials {7}the AWS credentials have expired; they came from one of: /),
    '! CDK bootstrap     cannot be checked without credentials',
    '! Stack             cannot be checked without credentials',
    'error: 1 problem found',
  ]));
  expect(code).toBe(1);
});

test('an account that is not ready', async () => {
  notBootstrapped();
  stackIs({ Tags: [] });
  const { code, lines } = await doctor();
  expect(lines).toEqual(expect.arrayContaining([
    '✖ CDK bootstrap     aws://111111111111/eu-west-1 is not bootstrapped: no SSM parameter /cdk-bootstrap/hnb659fds/version',
    '                    npx pmcp-deploy bootstrap',
    '✖ Stack             stack hello in eu-west-1 was not made for this server: it has no tag "pmcp-deploy:server", expected "hello"',
    'error: 2 problems found',
  ]));
  expect(code).toBe(1);
});

test('a stack that is not as it should be is a warning', async () => {
  stackIs({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  const { code, lines } = await doctor();
  expect(lines).toEqual(expect.arrayContaining(['! Stack             hello is UPDATE_ROLLBACK_COMPLETE', '                    npx pmcp-deploy status']));
  expect(code).toBe(0);
});

test('no network', async () => {
  online.mockRejectedValue(Object.assign(new TypeError('fetch failed'), { cause: new Error('getaddrinfo ENOTFOUND') }));
  const { lines } = await doctor();
  expect(lines).toEqual(expect.arrayContaining([
    '✖ Network           https://sts.eu-west-1.amazonaws.com/ cannot be reached: getaddrinfo ENOTFOUND',
    '                    check the network, the proxy (HTTPS_PROXY), and the region in .pmcp/deploy.toml',
  ]));
});

test('--json', async () => {
  rmSync(join(project.root, 'deploy', 'node_modules'), { recursive: true });
  const { code, stdout } = await doctor('--json');
  const { ok, checks } = JSON.parse(stdout);
  expect(ok).toBe(false);
  expect(checks).toHaveLength(12);
  expect(checks.filter(({ state }: { state: string }) => state !== 'ok')).toEqual([
    { title: 'CDK app', state: 'problem', found: `the CDK app in ${project.root}/deploy has no "aws-cdk" installed`, fix: `npm install --prefix ${project.root}/deploy` },
  ]);
  expect(code).toBe(1);
});

describe('--fix', () => {
  const missing = () => { throw new Error('the Rust target aarch64-unknown-linux-gnu is missing; install it: rustup target add aarch64-unknown-linux-gnu'); };

  test('installs what is missing, and looks again', async () => {
    mockTarget = missing;
    project.tool('rustup', 'true');
    expect((await doctor()).lines.slice(-2)).toEqual(['error: 1 problem found', '  mend what can be mended with: npx pmcp-deploy doctor --fix']);
    let calls = 0;
    mockTarget = () => (calls++ === 0 ? missing() : undefined);
    const { code, lines } = await doctor('--fix');
    const at = lines.indexOf('✔ mending Rust target, zig');
    expect(lines.slice(at - 2, at + 2)).toEqual([
      '✖ Rust target, zig  the Rust target aarch64-unknown-linux-gnu is missing',
      '                    rustup target add aarch64-unknown-linux-gnu',
      '✔ mending Rust target, zig',
      '✔ Rust target, zig  aarch64-unknown-linux-gnu, zig 0.15.1',
    ]);
    expect(code).toBe(0);
  });

  test('what cannot be mended is a problem still, and the rest is looked at', async () => {
    mockTarget = missing;
    project.tool('rustup', 'echo "error: no such target" >&2; exit 1');
    const { code, lines } = await doctor('--fix');
    expect(lines).toEqual(expect.arrayContaining([
      '✖ mending Rust target, zig',
      '✖ Rust target, zig  the Rust target aarch64-unknown-linux-gnu could not be installed: error: no such target',
      '✔ Credentials       account 111111111111',
      'error: 1 problem found',
    ]));
    expect(code).toBe(1);
  });
});
