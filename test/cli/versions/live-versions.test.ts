import { readFileSync, rmSync } from 'node:fs';
import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { CreateAliasCommand, DeleteFunctionCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { awsError, cloudFormation, emptyAccount, lambda } from '../support/aws';
import { startServer } from '../support/mcp-server';
import { onCleanup, TestProject, type FakeCdk } from '../support/project';
import { cli, type Ran } from '../support/run';
import { FakeFunction } from '../support/versions';

jest.mock('../../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

const BASE = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n';
const UNTESTED = '[post_deploy_tests]\nenabled = false\n';

let hello: FakeFunction;
let project: TestProject;

beforeEach(() => {
  emptyAccount();
  hello = new FakeFunction();
});

/** Runs `deploy` for a server of this code. */
async function deploy(code: string, options: { toml?: string; cdk?: FakeCdk; args?: string[]; url?: string; outcome?: 'failed' } = {}): Promise<Ran> {
  project = new TestProject(BASE + (options.toml ?? UNTESTED), options.cdk);
  hello.inStack({ url: options.url }, project, () => hello.deploy(code, options.outcome));
  return cli(project.root, project.environment(), 'deploy', ...options.args ?? []);
}

async function rollback(...args: string[]): Promise<Ran> {
  return cli(project.root, project.environment(), 'rollback', '--yes', '--no-tests', ...args);
}

describe('after a rollback', () => {
  beforeEach(async () => {
    await deploy('a');
    await deploy('b');
    expect((await rollback()).code).toBe(0);
    expect([hello.live, hello.liveCode]).toEqual(['1', 'a']);
  });

  test('a deployment of what was rolled back makes it live, though CloudFormation has nothing to do', async () => {
    const { code, stderr } = await deploy('b', { args: ['--verbose'] });
    expect([code, hello.live, hello.liveCode]).toEqual([0, '2', 'b']);
    expect(stderr).toContain('moved the alias of hello-Function from version 1 to 2\n');
  });

  test.each(['a', 'c'])('a deployment of %s makes it live', async (code) => {
    expect((await deploy(code)).code).toBe(0);
    expect([hello.live, hello.liveCode]).toEqual(['3', code]);
  });

  test('a deployment that fails leaves live what was live, not what CloudFormation goes back to', async () => {
    const { code } = await deploy('c', { cdk: { exit: { deploy: 1 } }, outcome: 'failed' });
    expect([code, hello.live, hello.liveCode]).toEqual([2, '1', 'a']);
  });

  test('the next deployment begins from a clear state', async () => {
    await deploy('b');
    await deploy('c');
    expect([hello.live, hello.liveCode]).toEqual(['3', 'c']);
    expect((await rollback()).stderr).toBe('✔ version 2 is live; it was version 3\n');
  });

  test('CodeDeploy is left out of the next deployment, which would begin with what was rolled back', async () => {
    const toml = `${UNTESTED}[deployment]\nstrategy = "canary10percent5minutes"\n`;
    const first = await deploy('c', { toml });
    expect(first.stderr).toContain('! the last deployment was rolled back: this deployment goes live all at once, the next one gradually again\n');
    expect(contexts()).toEqual([['stage=default', 'pmcp-deploy:strategy=all-at-once'], ['stage=default', 'pmcp-deploy:strategy=all-at-once']]);
    const second = await deploy('d', { toml });
    expect(second.stderr).not.toContain('all at once');
    expect(contexts()).toEqual([['stage=default'], ['stage=default']]);
  });
});

test('aws (d): CodeDeploy is left out after a version was published past CloudFormation, and the reason is told', async () => {
  const toml = `${UNTESTED}[deployment]\nstrategy = "canary10percent5minutes"\n`;
  await deploy('a', { toml });
  hello.latest = { ...hello.latest, Environment: { Variables: { TABLE: 'another' } } };
  await deploy('a', { toml });
  expect(hello.live).toBe('2');
  const { stderr } = await deploy('b', { toml });
  expect(stderr).toContain('! the live version is newer than the last deployment, because a referenced value changed or the code was changed outside'
    + ' CloudFormation: this deployment goes live all at once, the next one gradually again\n');
  expect(contexts()[1]).toContain('pmcp-deploy:strategy=all-at-once');
  await deploy('c', { toml });
  expect(contexts()).toEqual([['stage=default'], ['stage=default']]);
});

describe('aws B3: Lambda publishes nothing twice', () => {
  const EVENT = { EventId: '2', StackId: '1', StackName: 'hello', Timestamp: new Date(), LogicalResourceId: 'VersionB' };

  /** A deployment of b fails at its version, as CloudFormation says it; it goes back to a. */
  async function collide(reason: string, status: string, watched?: 'watched'): Promise<Ran> {
    await deploy('a');
    if (watched) {
      const { latest } = hello;
      hello.latest = { CodeSha256: 'b' };
      hello.publish();
      hello.latest = latest;
    }
    project = new TestProject(BASE + UNTESTED, { exit: { deploy: 1 } });
    const options = { status: 'UPDATE_COMPLETE' };
    hello.inStack(options, project, () => (options.status = status));
    cloudFormation.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [] }).resolves({
      StackEvents: [{ ...EVENT, ResourceType: 'AWS::Lambda::Version', ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: reason }],
    });
    return cli(project.root, project.environment(), 'deploy');
  }

  const REASONS = [
    'A version for this Lambda function exists ( 2 ). Modify the function to create a new version.',
    'Resource handler returned message: "A version for this Lambda function exists ( 2 ). Modify the function to create a new version." (HandlerErrorCode: AlreadyExists)',
    'Resource handler returned message: "Version already exists: arn:aws:lambda:eu-west-1:1:function:f:2. Please modify the function to create a new version."',
  ];

  test.each(REASONS)('and way is made for the next deployment: %s', async (reason) => {
    const { code, stderr } = await collide(reason, 'UPDATE_ROLLBACK_COMPLETE', 'watched');
    expect(stderr).toContain('  the same code and configuration were already published outside CloudFormation (by "cdk watch", "cdk deploy --hotswap" or by hand),'
      + ' and Lambda does not publish them again. To resolve this, version 3 of hello-Function was published from the code that CloudFormation'
      + ' went back to; run again: npx pmcp-deploy deploy\n');
    expect([code, hello.live, hello.versions.get('3')?.CodeSha256]).toEqual([2, '1', 'a']);
  });

  test.each(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_FAILED'])('and where nothing makes way, the function is to be changed: %s', async (status) => {
    const { code, stderr } = await collide(REASONS[0], status);
    expect(stderr).toContain('and Lambda does not publish them again: change the code or a setting of the server, and deploy again\n');
    expect([code, hello.live, hello.versions.size]).toEqual([2, '1', 1]);
  });
});

/** The contexts that the CDK was given in each call. */
function contexts(): string[][] {
  const calls = readFileSync(project.calls, 'utf-8').trim().split('\n').map((line) => (JSON.parse(line) as { args: string[] }).args);
  return calls.map((args) => args.filter((_, index) => args[index - 1] === '--context'));
}

test('a rollback goes back to what was live before, not to what was rolled back in between', async () => {
  await deploy('good');
  await deploy('bad');
  await rollback();
  await deploy('no better');
  expect((await rollback()).stderr).toBe('✔ version 1 is live; it was version 3\n');
  expect(hello.liveCode).toBe('good');
});

test('a deployment ends a split of the traffic that was left behind', async () => {
  await deploy('a');
  await deploy('b');
  hello.point('2', { 1: 0.5 });
  await deploy('b');
  expect(hello.aliases.get('live')).toMatchObject({ version: '2', weights: {} });
});

describe('what was deployed', () => {
  beforeEach(() => deploy('a'));

  test('is published again when a setting changed that the template only refers to', async () => {
    hello.latest = { ...hello.latest, Environment: { Variables: { TABLE: 'another' } } };
    await deploy('a');
    expect(hello.live).toBe('2');
    expect(hello.versions.get('2')).toMatchObject({ CodeSha256: 'a', Environment: { Variables: { TABLE: 'another' } }, Description: hello.versions.get('1')?.Description });
  });

  test('stays live when somebody else changed the code', async () => {
    hello.latest = { CodeSha256: 'foreign' };
    const { code, stderr } = await deploy('a');
    expect([code, hello.live]).toEqual([0, '1']);
    expect(stderr).toContain('! the code of hello-Function was changed outside this tool; version 1 stays live, as deployed\n');
  });

  test('is published when it was swapped past CloudFormation', async () => {
    hello.latest = { CodeSha256: 'swapped' };
    await deploy('a', { args: ['--hotswap'] });
    expect([hello.live, hello.liveCode]).toEqual(['2', 'swapped']);
    expect(hello.versions.get('2')?.Description).toBeUndefined();
  });

  test('is not live when the alias cannot be moved, and the next deployment fixes it', async () => {
    await deploy('b');
    await rollback();
    lambda.on(UpdateAliasCommand).rejects(Object.assign(awsError('ServiceException'), { $metadata: { httpStatusCode: 500 } }));
    const failed = await deploy('b');
    expect(failed.stderr).toContain('error: AWS failed with HTTP 500 in every attempt while pointing the alias live of hello-Function at version 2\n');
    expect([failed.code, hello.live]).toEqual([2, '1']);
    emptyAccount();
    hello.answer();
    expect([(await deploy('b')).code, hello.live]).toEqual([0, '2']);
  });
});

describe('commits', () => {
  function commit(): string {
    project.tool('git', 'case "$*" in *rev-parse*) echo 1234567890abcdef1234567890abcdef12345678;; *status*) ;; esac');
    return 'commit 1234567890abcdef1234567890abcdef12345678';
  }

  test('are noted once for each version', async () => {
    project = new TestProject(BASE + UNTESTED);
    const note = commit();
    for (const code of ['a', 'a', 'b']) {
      // The stand-in for CloudFormation takes its cue from the calls.
      rmSync(project.calls, { force: true });
      hello.inStack({}, project, () => hello.deploy(code));
      expect((await cli(project.root, project.environment(), 'deploy')).code).toBe(0);
    }
    hello.inStack();
    await cli(project.root, project.environment(), 'deploy');
    expect([...hello.aliases].map(([name, { version, description }]) => [name, version, description])).toEqual([
      ['live', '2', undefined], ['v1', '1', note], ['v2', '2', `${note}, before it 1`],
    ]);
  });

  test('are not worth a failure', async () => {
    project = new TestProject(BASE + UNTESTED);
    commit();
    lambda.on(CreateAliasCommand).rejects(awsError('AccessDeniedException', 'not you'));
    hello.inStack({}, project, () => hello.deploy('a'));
    const { code, stderr } = await cli(project.root, project.environment(), 'deploy');
    expect(stderr).toContain('! could not record the origin of the live version of hello-Function: AWS refused the call while creating the alias v1: not you (AccessDeniedException)\n');
    expect(code).toBe(0);
  });
});

describe('old versions', () => {
  const KEEP_TWO = `${UNTESTED}[deployment]\nkeep_versions = 2\n`;

  beforeEach(async () => {
    for (const code of ['a', 'b', 'c', 'd', 'e']) await deploy(code);
    for (const version of ['1', '4']) hello.aliases.set(`v${version}`, { version, revision: 1, weights: {}, description: 'commit 1234567' });
  });

  test('are kept to the number of deploy.toml beside the live one, and removed with their notes', async () => {
    await deploy('f', { toml: KEEP_TWO });
    expect([...hello.versions.keys()]).toEqual(['4', '5', '6']);
    expect([...hello.aliases.keys()]).toEqual(['live', 'v4', 'v5', 'v6']);
  });

  test('are ten by default', async () => {
    for (const code of ['f', 'g', 'h', 'i', 'j', 'k', 'l']) await deploy(code);
    expect([...hello.versions.keys()]).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
  });

  test('that others point to stay, with a warning, and the deployment is done', async () => {
    hello.aliases.set('mine', { version: '1', revision: 1, weights: {} });
    const { code, stderr } = await deploy('f', { toml: KEEP_TWO });
    expect(stderr).toContain('! could not delete the old version 1 of hello-Function: AWS refused the call while deleting it: ResourceConflictException (ResourceConflictException)\n');
    expect([...hello.versions.keys()]).toEqual(['1', '4', '5', '6']);
    expect(code).toBe(0);
  });

  test('are not touched by a deployment that fails', async () => {
    await deploy('f', { toml: KEEP_TWO, cdk: { exit: { deploy: 1 } }, outcome: 'failed' });
    expect([...hello.versions.keys()]).toEqual(['1', '2', '3', '4', '5']);
    expect(lambda.commandCalls(DeleteFunctionCommand)).toHaveLength(0);
  });
});

describe('the tests after a deployment', () => {
  const tested = (onFailure: string) => `[post_deploy_tests]\nchecks = ["conformance"]\nwarmup_grace_ms = 0\non_failure = "${onFailure}"\n`;
  let url: string;

  beforeEach(async () => {
    const server = await startServer({
      // What is live decides how the server behaves.
      intercept: (_, response) => hello.liveCode?.startsWith('bad') === true && (response.writeHead(500).end('broken'), true),
    });
    onCleanup(server.close);
    url = server.url;
  });

  test('pass for a good version', async () => {
    const { code, stderr } = await deploy('good', { toml: tested('fail'), url });
    expect(stderr).toMatch(/Tests of http:.*\n[^]* \d+ tests: \d+ passed/);
    expect([code, hello.live]).toEqual([0, '1']);
  });

  test('fail for a bad one, which stays live', async () => {
    await deploy('good', { url });
    const { code, stderr, stdout } = await deploy('bad', { toml: tested('fail'), url });
    expect(stderr).toContain('error: deployed, but the tests failed\n  go back to the version that was live before with: npx pmcp-deploy rollback\n');
    expect([code, stdout, hello.live]).toEqual([3, '', '2']);
  });

  test('may be a warning', async () => {
    const { code, stderr } = await deploy('bad', { toml: tested('warn'), url });
    expect(stderr).toContain('! the tests failed; the deployment stays live, because [post_deploy_tests] on_failure is "warn"\n');
    expect([code, hello.live]).toEqual([0, '1']);
  });

  test('may bring the version before back, and test that', async () => {
    await deploy('good', { url });
    const { code, stderr } = await deploy('bad', { toml: tested('rollback'), url });
    expect(stderr).toContain('error: the tests failed, and the deployment was rolled back: hello-Function is back at version 1\n  fix it, then run: npx pmcp-deploy deploy\n');
    expect([code, hello.live]).toEqual([3, '1']);
    expect((await deploy('fixed', { toml: tested('rollback'), url })).code).toBe(0);
    expect([hello.live, hello.liveCode]).toEqual(['3', 'fixed']);
  });

  test('tell when the version before is no better', async () => {
    await deploy('bad', { url });
    const { code, stderr } = await deploy('bad too', { toml: tested('rollback'), url });
    expect(stderr).toContain('error: the tests failed, and the deployment was rolled back: hello-Function is back at version 1; the tests fail there too\n');
    expect([code, hello.live]).toEqual([3, '1']);
  });

  test('cannot bring back what there is not', async () => {
    const first = await deploy('bad', { toml: tested('rollback'), url });
    expect(first.stderr).toContain('error: deployed, but the tests failed, and there is no other version to go back to: this is the first deployment\n');
    const again = await deploy('bad', { toml: tested('rollback'), url });
    expect(again.stderr).toContain('error: deployed, but the tests failed, and there is no other version to go back to: the deployment did not publish a new one\n');
    expect([first.code, again.code, hello.live]).toEqual([3, 3, '1']);
  });

  test('can be left out', async () => {
    expect((await deploy('bad', { toml: tested('fail'), url, args: ['--no-tests'] })).code).toBe(0);
  });
});
