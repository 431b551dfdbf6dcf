import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient, DescribeUserPoolCommand, DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import type * as Toolchain from '../../../src/rust/cargo/toolchain';
import { awsError, emptyAccount, notBootstrapped, stackIs, sts } from '../support/aws';
import { TestProject, write } from '../support/project';
import { cli } from '../support/run';

let mockTarget: () => void;
jest.mock('../../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<typeof Toolchain>('../../../src/rust/cargo/toolchain'),
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
    '✔ Local AWS         not running (start it with: npx pmcp-deploy local)',
  ]);
  expect(code).toBe(0);
});

test('each problem is shown with its hint, and counted', async () => {
  write(join(project.root, '.pmcp', 'deploy.toml'), '[aws]\nregion = 5\n');
  project.tool('cargo', 'exit 1');
  const { code, lines } = await doctor();
  expect(lines[0]).toMatch(/^✖ deploy\.toml {7}.*deploy\.toml:/);
  expect(lines).toEqual(expect.arrayContaining([
    `✖ Rust              ${project.root}/tools/cargo does not run`,
    '                    rustup default stable',
  ]));
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
    '✖ CDK bootstrap     aws://111111111111/eu-west-1 is not bootstrapped: there is no SSM parameter /cdk-bootstrap/hnb659fds/version',
    '                    npx pmcp-deploy bootstrap',
    '✖ Stack             stack hello in eu-west-1 was not created for this server: it has no tag "pmcp-deploy:server", expected "hello"',
    'error: 2 problems found',
  ]));
  expect(code).toBe(1);
});

test('a stack that is not as it should be is a warning', async () => {
  stackIs({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  const { code, lines } = await doctor();
  expect(lines).toEqual(expect.arrayContaining([
    '! Stack             hello is UPDATE_ROLLBACK_COMPLETE',
    '                    npx pmcp-deploy status',
  ]));
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
    {
      title: 'CDK app',
      state: 'problem',
      found: `the CDK app in ${project.root}/deploy has no "aws-cdk" installed`,
      fix: `npm install --prefix ${project.root}/deploy`,
    },
  ]);
  expect(code).toBe(1);
});

describe('--fix', () => {
  const missing = () => {
    throw new Error(
      'the Rust target aarch64-unknown-linux-gnu is missing; install it: rustup target add aarch64-unknown-linux-gnu',
    );
  };

  test('installs what is missing, and looks again', async () => {
    mockTarget = missing;
    project.tool('rustup', 'true');
    expect((await doctor()).lines.slice(-2)).toEqual([
      'error: 1 problem found',
      '  fix what can be fixed safely: npx pmcp-deploy doctor --fix',
    ]);
    let calls = 0;
    mockTarget = () => (calls++ === 0 ? missing() : undefined);
    const { code, lines } = await doctor('--fix');
    const at = lines.indexOf('✔ fixing Rust target, zig');
    expect(lines.slice(at - 2, at + 2)).toEqual([
      '✖ Rust target, zig  the Rust target aarch64-unknown-linux-gnu is missing',
      '                    rustup target add aarch64-unknown-linux-gnu',
      '✔ fixing Rust target, zig',
      '✔ Rust target, zig  aarch64-unknown-linux-gnu, zig 0.15.1',
    ]);
    expect(code).toBe(0);
  });

  test('what cannot be fixed stays a problem, and the other checks still run', async () => {
    mockTarget = missing;
    project.tool('rustup', 'echo "error: no such target" >&2; exit 1');
    const { code, lines } = await doctor('--fix');
    expect(lines).toEqual(expect.arrayContaining([
      '✖ fixing Rust target, zig',
      '✖ Rust target, zig  the Rust target aarch64-unknown-linux-gnu could not be installed: error: no such target',
      '✔ Credentials       account 111111111111',
      'error: 1 problem found',
    ]));
    expect(code).toBe(1);
  });
});

describe('those who sign people in', () => {
  const cognito = mockClient(CognitoIdentityProviderClient);
  const POOL = 'eu-west-1_AbCdEfGhI';
  const existing = (more = '') => withAuth(`provider = "cognito"\nuser_pool_id = "${POOL}"\n[auth.cognito]\ndomain = "people"\n${more}`);
  const oidc = () => withAuth('provider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "a"\nscopes = ["a"]\n');

  function withAuth(toml: string): void {
    write(
      join(project.root, '.pmcp', 'deploy.toml'),
      `[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[auth]\nenabled = true\n${toml}`,
    );
  }

  function poolIs(tier: 'LITE' | 'ESSENTIALS', version: number, of: string = POOL): void {
    cognito.reset();
    cognito.on(DescribeUserPoolCommand).resolves({ UserPool: { Id: POOL, UserPoolTier: tier } });
    cognito.on(DescribeUserPoolDomainCommand).resolves({ DomainDescription: { UserPoolId: of, ManagedLoginVersion: version } });
  }

  const linesOf = async (title: string) => {
    const { lines } = await doctor();
    const at = lines.findIndex((line) => line.slice(2).startsWith(title));
    return lines.slice(at, lines[at + 1].startsWith(' ') ? at + 2 : at + 1);
  };

  test('aws B5: an existing user pool with managed login is well', async () => {
    existing();
    poolIs('ESSENTIALS', 2);
    expect(await linesOf('User pool')).toEqual([`✔ User pool         ${POOL}, plan essentials`]);
  });

  test('aws B5: the plan Lite and the classic page are told, with the way out', async () => {
    existing();
    poolIs('LITE', 1);
    expect(await linesOf('User pool')).toEqual([
      `! User pool         ${POOL} is in the plan Lite, which has no managed login, and whose tokens have no audience`,
      expect.stringContaining('set sign_in_page = "classic" in [auth.cognito], or choose the plan Essentials'),
    ]);
    poolIs('ESSENTIALS', 1);
    expect(await linesOf('User pool')).toEqual([
      `! User pool         the domain people of ${POOL} has the classic page`,
      expect.stringContaining('set sign_in_page = "classic"'),
    ]);
    existing('sign_in_page = "classic"\n');
    poolIs('LITE', 1);
    expect(await linesOf('User pool')).toEqual([`✔ User pool         ${POOL}, plan lite`]);
  });

  test('aws B5: a user pool or a domain that is not there is a problem', async () => {
    existing();
    poolIs('ESSENTIALS', 2, 'eu-west-1_Other');
    expect(await linesOf('User pool')).toEqual([
      `✖ User pool         ${POOL} has no sign-in domain with the prefix people`,
      expect.stringContaining('auth.cognito.domain'),
    ]);
    cognito.on(DescribeUserPoolCommand).rejects(awsError('ResourceNotFoundException'));
    expect(await linesOf('User pool')).toEqual([
      `✖ User pool         there is no user pool ${POOL} in eu-west-1`,
      expect.stringContaining('auth.user_pool_id'),
    ]);
    cognito.on(DescribeUserPoolCommand).rejects(awsError('AccessDeniedException', 'not authorized'));
    expect((await linesOf('User pool'))[0]).toMatch(/^! User pool .*reading user pool/);
  });

  function issuerIs(discovery: unknown, keys: unknown = { keys: [{ kty: 'RSA' }] }): void {
    online.mockImplementation(async (url) => {
      const answer = String(url).endsWith('/openid-configuration') ? discovery : String(url).endsWith('/keys') ? keys : '';
      if (answer instanceof Error) throw answer;
      return answer instanceof Response ? answer : new Response(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  }

  const DISCOVERY = { issuer: 'https://login.example.com', jwks_uri: 'https://login.example.com/keys' };
  const AT = 'https://login.example.com/.well-known/openid-configuration';

  test('aws C4: an issuer that signs with RSA is well, and is asked for nothing else', async () => {
    oidc();
    issuerIs(DISCOVERY, { keys: [{ kty: 'EC' }, { kty: 'RSA' }] });
    expect(await linesOf('Issuer')).toEqual(['✔ Issuer            https://login.example.com, has an RSA key']);
    expect(online.mock.calls.map(([url]) => String(url)).filter((url) => url.includes('login'))).toEqual([AT, DISCOVERY.jwks_uri]);
    for (const [url, init] of online.mock.calls) {
      if (String(url).includes('login')) {
        expect(init).toMatchObject({
          redirect: 'error',
          signal: expect.any(AbortSignal),
        });
      }
    }
  });

  test.each<[string, unknown, unknown, string]>([
    [
      'no RSA key',
      DISCOVERY,
      { keys: [{ kty: 'EC' }, { kty: 'OKP' }, null] },
      '! Issuer            https://login.example.com has no RSA key: API Gateway supports RSA signatures only',
    ],
    ['no keys at all', DISCOVERY, {}, '! Issuer            https://login.example.com has no RSA key'],
    [
      'another name',
      { ...DISCOVERY, issuer: 'https://login.example.com/' },
      undefined,
      `✖ Issuer            ${AT} is for the issuer https://login.example.com/, not for https://login.example.com`,
    ],
    [
      'a name for the terminal',
      { ...DISCOVERY, issuer: '\u001b]52;c;eA==\u0007' },
      undefined,
      `✖ Issuer            ${AT} is for the issuer something that is not a URL, not for`,
    ],
    [
      'keys over http',
      { ...DISCOVERY, jwks_uri: 'http://login.example.com/keys' },
      undefined,
      '! Issuer            the address of the keys is http://login.example.com/keys, which is not https',
    ],
    [
      'keys in a file',
      { ...DISCOVERY, jwks_uri: 'file:///etc/passwd' },
      undefined,
      '! Issuer            the address of the keys is file:///etc/passwd, which is not https',
    ],
    [
      'no address of keys',
      { issuer: DISCOVERY.issuer },
      undefined,
      '! Issuer            the address of the keys is something that is not a URL, which is not https',
    ],
    ['no discovery', new Response('', { status: 404 }), undefined, `! Issuer            ${AT} answered HTTP 404`],
    ['a page', '<html>', undefined, `! Issuer            ${AT} is not JSON`],
    ['a list', [], undefined, `! Issuer            ${AT} is not a JSON object`],
    ['far too much', ' '.repeat(150_001), undefined, `! Issuer            ${AT} has more than the 150000 bytes that API Gateway reads`],
    [
      'no answer',
      Object.assign(new Error('timeout'), { name: 'TimeoutError' }),
      undefined,
      `! Issuer            ${AT} cannot be read: no answer within 5 s`,
    ],
    [
      'no network',
      new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }),
      undefined,
      `! Issuer            ${AT} cannot be read: getaddrinfo ENOTFOUND`,
    ],
  ])('aws C4: an issuer with %s', async (_, discovery, keys, line) => {
    oidc();
    issuerIs(discovery, keys);
    const [said] = await linesOf('Issuer');
    expect(said.slice(0, line.length)).toBe(line);
  });
});
