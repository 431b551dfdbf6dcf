import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { awsError, emptyAccount, notBootstrapped, ssm, stackIs, sts } from './support/aws';
import { temporaryFolder, TestProject } from './support/project';
import { cli } from './support/run';

jest.mock('../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

const SOURCES = 'tried environment (AWS_ACCESS_KEY_ID is not set); profile "default" of ~/.aws/config and ~/.aws/credentials; '
  + 'IAM Identity Center (SSO), web identity, container and instance roles';
const SIGN_IN = '  sign in with "aws sso login" (or "aws configure"), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; '
  + 'to try without an account: npx pmcp-deploy local\n';
const NO_TOOLS = '✔ Configuration  hello, stage default, eu-west-1\n✖ Tools\n';
const READY = '✔ Configuration  hello, stage default, eu-west-1\n✔ Tools  rust 1.95.0, cargo-lambda 1.9.2, aws-cdk 2.1148.1\n';
const NEW_STACK = '✔ AWS  account 111111111111, eu-west-1, stack hello is new\n';

beforeEach(emptyAccount);

/** Runs `deploy`, which must fail before anything is built. */
async function refused(project: TestProject, env: NodeJS.ProcessEnv = project.environment(), ...args: string[]) {
  const { code, stdout, stderr } = await cli(project.root, env, 'deploy', ...args);
  expect(stdout).toBe('');
  expect(existsSync(project.calls)).toBe(false);
  return { code, stderr };
}

describe('deploy.toml', () => {
  test('is missing', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await cli(folder, { PATH: '' }, 'deploy');
    expect(stderr).toBe(`✖ Configuration\nerror: no .pmcp/deploy.toml in ${folder} or a folder above it\n  create it with "npx pmcp-deploy init", in the folder of the server\n`);
    expect(code).toBe(1);
  });

  const UP_TO_SERVER = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n';

  const RANGE = 'server.memory_mb must be a whole number from 128 to 10240 (MB); received';

  test.each([
    ['is not TOML', 'memory_mb 512', '8:11: this is not TOML: illegal character in key\n  8 | memory_mb 512\n    |           ^\n'],
    ['has an unknown key', 'memroy_mb = 512', '8:1: unknown key "memroy_mb" in [server]; did you mean "memory_mb"?\n  8 | memroy_mb = 512\n    | ^^^^^^^^^\n'],
    ['has a value of the wrong type', 'memory_mb = "512"', `8:13: ${RANGE} "512" (leave the quotes out)\n  8 | memory_mb = "512"\n    |             ^^^^^\n`],
    ['has a value out of range', 'memory_mb = 64', `8:13: ${RANGE} 64\n  8 | memory_mb = 64\n    |             ^^\n`],
  ])('%s', async (_what, line, error) => {
    const { code, stderr } = await refused(new TestProject(`${UP_TO_SERVER}${line}\n`));
    expect(stderr).toBe(`✖ Configuration\nerror: .pmcp/deploy.toml:${error}`);
    expect(code).toBe(1);
  });

  test('does not have the stage', async () => {
    const { code, stderr } = await refused(new TestProject(), undefined, '--stage', 'prod');
    expect(stderr).toBe('✖ Configuration\nerror: .pmcp/deploy.toml has no stage "prod"; it has default (the table [stages.prod] would add it)\n');
    expect(code).toBe(1);
  });
});

describe('tools', () => {
  test('cargo is missing', async () => {
    const project = new TestProject();
    const { code, stderr } = await refused(project, { ...project.environment(), PATH: '/nonexistent' });
    expect(stderr).toBe(`${NO_TOOLS}error: cargo was not found in PATH\n`
      + "  install Rust: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh, and open a new terminal\n");
    expect(code).toBe(1);
  });

  test('cargo-lambda is missing, and there is no Python to install it with', async () => {
    const project = new TestProject();
    rmSync(join(project.root, 'tools', 'cargo-lambda'));
    const { code, stderr } = await refused(project);
    expect(stderr).toBe(`${NO_TOOLS}error: Python 3.10 or newer is needed to install cargo-lambda, and there is no "python3" in PATH\n`
      + '  install it from https://www.python.org/downloads/ or with your package manager\n');
    expect(code).toBe(1);
    expect(existsSync(join(project.cache, 'cargo-lambda-1.9.2'))).toBe(false);
  });

  test('cargo-lambda is missing, and Python is too old', async () => {
    const project = new TestProject();
    rmSync(join(project.root, 'tools', 'cargo-lambda'));
    project.tool('python3', 'echo 3.9');
    const { code, stderr } = await refused(project);
    expect(stderr).toBe(`${NO_TOOLS}error: Python 3.10 or newer is needed to install cargo-lambda, and python3 is 3.9\n`
      + '  install it from https://www.python.org/downloads/ or with your package manager\n');
    expect(code).toBe(1);
  });

  test('the CDK app is not installed', async () => {
    const project = new TestProject();
    rmSync(join(project.root, 'deploy', 'node_modules'), { recursive: true });
    const { code, stderr } = await refused(project);
    expect(stderr).toBe(`${NO_TOOLS}error: the CDK app in ${project.root}/deploy has no "aws-cdk" installed\n  install its packages: npm install --prefix ${project.root}/deploy\n`);
    expect(code).toBe(1);
  });
});

describe('credentials', () => {
  test('there are none', async () => {
    sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }));
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: no AWS credentials found; ${SOURCES}\n${SIGN_IN}`);
    expect(code).toBe(1);
  });

  test('they have expired', async () => {
    sts.on(GetCallerIdentityCommand).rejects(awsError('ExpiredToken'));
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: the AWS credentials have expired; ${SOURCES.replace('tried', 'they came from one of:')}\n${SIGN_IN}`);
    expect(code).toBe(1);
  });

  test('AWS does not know them', async () => {
    sts.on(GetCallerIdentityCommand).rejects(awsError('InvalidClientTokenId'));
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: AWS does not accept the credentials (InvalidClientTokenId); ${SOURCES.replace('tried', 'they came from one of:')}\n${SIGN_IN}`);
    expect(code).toBe(1);
  });

  test('they are of another account', async () => {
    const toml = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\naccount_id = "222222222222"\n[server]\nname = "hello"\n';
    const { code, stderr } = await refused(new TestProject(toml));
    expect(stderr).toBe(`${READY}✖ AWS\nerror: the AWS credentials are of account 111111111111, and [aws] account_id in .pmcp/deploy.toml is 222222222222\n`
      + '  use credentials of account 222222222222 (AWS_PROFILE=<profile>), or correct account_id\n');
    expect(code).toBe(1);
  });

  test('AWS cannot be reached', async () => {
    sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error('getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com'), { code: 'ENOTFOUND' }));
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: cannot reach AWS in eu-west-1 while checking the credentials: getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com\n`
      + '  check the network, the proxy, and the region in .pmcp/deploy.toml\n');
    expect(code).toBe(2);
  });
});

describe('the environment', () => {
  test('is not bootstrapped', async () => {
    notBootstrapped();
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}${NEW_STACK}error: aws://111111111111/eu-west-1 is not bootstrapped for the CDK: there is no SSM parameter /cdk-bootstrap/hnb659fds/version\n`
      + '  bootstrap it once with: npx pmcp-deploy bootstrap, or: npx cdk bootstrap aws://111111111111/eu-west-1\n');
    expect(code).toBe(1);
  });

  test('has an old bootstrap', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '5' } });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}${NEW_STACK}error: the CDK bootstrap of aws://111111111111/eu-west-1 is too old: version 5, at least 6 is needed\n`
      + '  bootstrap it once with: npx pmcp-deploy bootstrap, or: npx cdk bootstrap aws://111111111111/eu-west-1\n');
    expect(code).toBe(1);
  });
});

describe('a stack of that name', () => {
  const HINT = '  choose another name in [server] of .pmcp/deploy.toml, or delete that stack with the tool that created it\n';

  test('that this tool did not make', async () => {
    stackIs({ Tags: [] });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: stack hello in eu-west-1 was not created for this server: it has no tag "pmcp-deploy:server", expected "hello"\n${HINT}`);
    expect(code).toBe(1);
  });

  test('of another server', async () => {
    stackIs({ Tags: [{ Key: 'pmcp-deploy:server', Value: 'other' }] });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: stack hello in eu-west-1 was not created for this server: its tag "pmcp-deploy:server" is "other", expected "hello"\n${HINT}`);
    expect(code).toBe(1);
  });

  test('that is being changed', async () => {
    stackIs({ StackStatus: 'UPDATE_IN_PROGRESS' });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✖ AWS\nerror: stack hello is already being changed (UPDATE_IN_PROGRESS)\n  follow it with: npx pmcp-deploy status --watch\n`);
    expect(code).toBe(1);
  });

  test('whose first deployment was rolled back', async () => {
    stackIs({ StackStatus: 'ROLLBACK_COMPLETE' });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✔ AWS  account 111111111111, eu-west-1, stack hello is ROLLBACK_COMPLETE\n`
      + 'error: stack hello in eu-west-1 is ROLLBACK_COMPLETE after a failed first deployment, and must be deleted first: '
      + 'run "npx pmcp-deploy destroy", or deploy with --yes\n');
    expect(code).toBe(1);
  });

  test('that could not be rolled back', async () => {
    stackIs({ StackStatus: 'UPDATE_ROLLBACK_FAILED', StackStatusReason: 'role is gone' });
    const { code, stderr } = await refused(new TestProject());
    expect(stderr).toBe(`${READY}✔ AWS  account 111111111111, eu-west-1, stack hello is UPDATE_ROLLBACK_FAILED\n`
      + 'error: stack hello could not go back to the state before its last update (UPDATE_ROLLBACK_FAILED): role is gone\n'
      + '  fix what blocks the rollback, then run: aws cloudformation continue-update-rollback --stack-name hello --region eu-west-1\n');
    expect(code).toBe(2);
  });
});

test('a server that does not compile: the app has said why, and nothing is deployed', async () => {
  const project = new TestProject('', { exit: { synth: 1 } });
  const { code, stderr } = await cli(project.root, project.environment(), 'deploy');
  expect(stderr).toBe(`${READY}${NEW_STACK}› Build\n✖ Build\nerror: hello could not be built\n`);
  expect(code).toBe(1);
  expect(readFileSync(project.calls, 'utf-8').trim().split('\n').map((line) => (JSON.parse(line) as { command: string }).command)).toEqual(['synth']);
});
