import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { awsError, cloudFormation, emptyAccount, lambda, stack, stackIs } from '../support/aws';
import { startServer, type Behaviour } from '../support/mcp-server';
import { onCleanup, TestProject } from '../support/project';
import { cli, type Ran } from '../support/run';
import { FakeFunction } from '../support/versions';

const TESTED = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[post_deploy_tests]\nchecks = ["conformance"]\n';

let hello: FakeFunction;

beforeEach(() => {
  emptyAccount();
  hello = new FakeFunction();
  hello.deploy('a');
  hello.deploy('b');
  hello.deploy('c');
  hello.inStack();
});

async function rollback(...args: string[]): Promise<Ran> {
  const project = new TestProject();
  return cli(project.root, project.environment(), 'rollback', ...args);
}

async function serverThat(behaviour: Behaviour = {}): Promise<string> {
  const server = await startServer(behaviour);
  onCleanup(server.close);
  return server.url;
}

describe('the list', () => {
  beforeEach(() => {
    hello.aliases.set('v2', { version: '2', revision: 1, weights: {}, description: `commit ${'1234567890ab'.padEnd(40, 'f')}` });
    hello.aliases.set('v3', { version: '3', revision: 1, weights: {}, description: `commit ${'abcdef'.padEnd(40, '0')}+` });
    hello.point('2');
  });

  test('has each version with time, commit and asset, newest first', async () => {
    const { code, stdout, stderr } = await rollback('--list');
    expect(stdout).toBe([
      'version            published                commit         asset',
      '3        deployed  2026-01-03 10:00:00 UTC  abcdef000000+  cccccccccccc',
      '2        live      2026-01-02 10:00:00 UTC  1234567890ab   bbbbbbbbbbbb',
      '1                  2026-01-01 10:00:00 UTC                 aaaaaaaaaaaa',
      '',
    ].join('\n'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('is there for programs', async () => {
    const { stdout } = await rollback('--list', '--json');
    expect(JSON.parse(stdout)).toEqual({
      function: 'hello-Function',
      live: '2',
      versions: [
        { version: '3', live: false, deployed: true, published: '2026-01-03T10:00:00.000Z', commit: `${'abcdef'.padEnd(40, '0')}+`, asset: 'c'.repeat(64) },
        { version: '2', live: true, deployed: false, published: '2026-01-02T10:00:00.000Z', commit: '1234567890ab'.padEnd(40, 'f'), asset: 'b'.repeat(64) },
        { version: '1', live: false, deployed: false, published: '2026-01-01T10:00:00.000Z', asset: 'a'.repeat(64) },
      ],
    });
  });

  test('changes nothing', async () => {
    await rollback('--list');
    expect(lambda.commandCalls(UpdateAliasCommand)).toHaveLength(0);
  });
});

describe('the alias is moved', () => {
  test('to the version before', async () => {
    expect(await rollback('--yes')).toEqual({ code: 0, stdout: '', stderr: '✔ version 2 is live; it was version 3\n' });
    expect(hello.live).toBe('2');
    expect(lambda.commandCalls(UpdateAliasCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'hello-Function', Name: 'live', FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: {} }, RevisionId: '3' },
    ]);
  });

  test('to the version that is asked for, and forward again', async () => {
    expect((await rollback('--to', '1', '--yes')).stderr).toBe('✔ version 1 is live; it was version 3\n');
    expect(await rollback('--to', '3', '--yes', '--json')).toEqual({
      code: 0,
      stdout: `${JSON.stringify({ function: 'hello-Function', from: '1', to: '3', changed: true, tests: 'not run' }, undefined, 2)}\n`,
      stderr: '✔ version 3 is live; it was version 1\n',
    });
    expect(hello.live).toBe('3');
  });

  test('to the newest version of a commit', async () => {
    for (const version of ['1', '2']) hello.aliases.set(`v${version}`, { version, revision: 1, weights: {}, description: `commit ${'1234567'.padEnd(40, '0')}` });
    expect((await rollback('--to', '1234567', '--yes')).stderr).toBe('✔ version 2 is live; it was version 3\n');
  });

  test('not where it is already', async () => {
    expect(await rollback('--to', '3', '--yes')).toEqual({ code: 0, stdout: '', stderr: '✔ version 3 is already live\n' });
    expect(JSON.parse((await rollback('--to', '3', '--json')).stdout)).toEqual({ function: 'hello-Function', from: '3', to: '3', changed: false });
    expect(lambda.commandCalls(UpdateAliasCommand)).toHaveLength(0);
  });

  test('for all of the traffic, where a part of it went elsewhere', async () => {
    hello.point('2', { 3: 0.1 });
    expect((await rollback('--to', '2', '--yes')).code).toBe(0);
    expect(hello.aliases.get('live')).toMatchObject({ version: '2', weights: {} });
  });
});

describe('the tests afterwards', () => {
  async function tested(behaviour?: Behaviour, ...args: string[]): Promise<Ran> {
    hello.inStack({ url: behaviour ? await serverThat(behaviour) : 'http://127.0.0.1:1/mcp' });
    const project = new TestProject(TESTED);
    return cli(project.root, project.environment(), 'rollback', '--yes', ...args);
  }

  test('are those of the deployment', async () => {
    const { code, stdout, stderr } = await tested({}, '--json');
    expect(stderr).toMatch(/^✔ version 2 is live; it was version 3\nTests of http:\/\/127\.0\.0\.1:\d+\/mcp\n/);
    expect(JSON.parse(stdout)).toMatchObject({ to: '2', changed: true, tests: true });
    expect(code).toBe(0);
  });

  test('end with exit code 3 when one fails, and the move stands', async () => {
    const { code, stderr } = await tested({ tools: [{ name: 'broken' }] });
    expect(stderr).toContain('error: version 2 is live, but its tests failed\n  choose another version with: npx pmcp-deploy rollback --list\n');
    expect(code).toBe(3);
    expect(hello.live).toBe('2');
  });

  test('can be left out', async () => {
    expect((await tested(undefined, '--no-tests')).stderr).toBe('✔ version 2 is live; it was version 3\n');
  });
});

describe('nothing is changed', () => {
  afterEach(() => expect([hello.live, hello.versions.size]).toEqual(['3', 3]));

  test.each([
    [['--to', '9'], 'error: there is no version "9"; the versions are 3, 2, 1\n  list the versions with: npx pmcp-deploy rollback --list\n'],
    [['--to', 'abcdef1'], 'error: there is no version "abcdef1"; the versions are 3, 2, 1\n  list the versions with: npx pmcp-deploy rollback --list\n'],
    [['--to', '$LATEST'], 'error: there is no version "$LATEST"; the versions are 3, 2, 1\n  list the versions with: npx pmcp-deploy rollback --list\n'],
    [['--server', 'other'], 'error: stack hello has no server "other": it has hello\n'],
    [[], 'error: rollback needs a confirmation, and there is no terminal to ask on: add --yes\n'],
  ])('by %j', async (args, message) => {
    expect(await rollback(...args)).toEqual({ code: 1, stdout: '', stderr: message });
  });

  test('while CloudFormation works on the stack', async () => {
    hello.inStack({ status: 'UPDATE_IN_PROGRESS' });
    expect(await rollback('--yes')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: stack hello is being changed (UPDATE_IN_PROGRESS), and its alias with it\n'
        + '  wait, or stop the deployment with: aws cloudformation cancel-update-stack --stack-name hello --region eu-west-1\n',
    });
  });

  test.each([
    ['AccessDeniedException', 403, 2, 'AWS refused the call while pointing the alias live of hello-Function at version 2: AccessDeniedException (AccessDeniedException)'],
    ['ServiceException', 500, 2, 'AWS failed with HTTP 500 in every attempt while pointing the alias live of hello-Function at version 2'],
    ['ExpiredTokenException', 403, 1, 'the AWS credentials have expired; they came from one of: '],
  ])('when AWS answers %s', async (name, httpStatusCode, exitCode, message) => {
    lambda.on(UpdateAliasCommand).rejects(Object.assign(awsError(name), { $metadata: { httpStatusCode } }));
    const { code, stderr } = await rollback('--yes');
    expect(stderr).toContain(`error: ${message}`);
    expect(code).toBe(exitCode);
  });
});

describe('the alias is moved meanwhile', () => {
  /** The first call finds the alias elsewhere. */
  function meanwhile(version: string): void {
    lambda.on(UpdateAliasCommand).callsFake(() => {
      hello.point(version);
      throw Object.assign(awsError('PreconditionFailedException'), { $metadata: { httpStatusCode: 412 } });
    });
  }

  test('by someone else: nothing is overwritten', async () => {
    meanwhile('1');
    expect(await rollback('--yes')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: the alias live of hello-Function was changed by someone else meanwhile: it is at version 1\n'
        + '  check it with "npx pmcp-deploy rollback --list", and try again\n',
    });
    expect(hello.live).toBe('1');
  });

  test('by a try whose answer was lost: that is a success', async () => {
    meanwhile('2');
    expect(await rollback('--yes')).toEqual({ code: 0, stdout: '', stderr: '✔ version 2 is live; it was version 3\n' });
  });
});

describe('there is nothing to go back to', () => {
  test('before the first version', async () => {
    hello.point('1');
    expect(await rollback('--yes')).toEqual({
      code: 1, stdout: '', stderr: 'error: there is no version before 1\n  list the versions with: npx pmcp-deploy rollback --list\n',
    });
  });

  test('without an alias', async () => {
    hello.aliases.delete('live');
    expect(await rollback('--yes')).toEqual({
      code: 1, stdout: '', stderr: 'error: function hello-Function has no alias "live"\n  deploy again: npx pmcp-deploy deploy\n',
    });
  });

  test('after a deployment that kept no versions', async () => {
    stackIs();
    expect(await rollback('--yes')).toEqual({
      code: 1, stdout: '', stderr: 'error: stack hello has no versions to go back to: it was deployed before this tool kept any\n  deploy it again\n',
    });
  });

  test('without a deployment', async () => {
    emptyAccount();
    expect(await rollback('--yes')).toEqual({
      code: 1, stdout: '', stderr: 'error: hello is not deployed: no stack hello in eu-west-1\n  deploy it with: npx pmcp-deploy deploy\n',
    });
  });
});

test('one of several servers is to be chosen', async () => {
  const { Outputs = [] } = stack();
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [stack({
      Outputs: [
        ...Outputs, { OutputKey: 'helloFunctionVersion', OutputValue: '3' },
        { OutputKey: 'otherserverFunctionName', OutputValue: 'other' }, { OutputKey: 'otherserverFunctionVersion', OutputValue: '3' },
      ],
    })],
  });
  expect(await rollback('--yes')).toEqual({
    code: 1, stdout: '', stderr: 'error: stack hello has several servers: hello, otherserver\n  choose one with --server\n',
  });
  expect(await rollback('--yes', '--server', 'other-server')).toEqual({ code: 0, stdout: '', stderr: '✔ version 2 is live; it was version 3\n' });
  expect(lambda.commandCalls(UpdateAliasCommand)[0].args[0].input.FunctionName).toBe('other');
});
