import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { localUrls } from '../../../src/cli/local/urls';
import { OWNER_TAG } from '../../../src/config/names';
import { cloudFormation, emptyAccount, NO_STACK, stack, stackIs } from '../support/aws';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

beforeEach(emptyAccount);

test('as a table', async () => {
  stackIs();
  const project = new TestProject();
  const { code, stdout } = await cli(project.root, project.environment(), 'outputs');
  expect(stdout).toBe('helloFunctionName  hello-Function\nhelloMcpUrl        https://abc123.execute-api.eu-west-1.amazonaws.com/mcp\n');
  expect(code).toBe(0);
});

test('as JSON, and nothing else on standard output', async () => {
  stackIs();
  const project = new TestProject();
  const { stdout, stderr } = await cli(project.root, project.environment(), 'outputs', '--json');
  expect(JSON.parse(stdout)).toEqual({
    stack: 'hello',
    stage: 'default',
    region: 'eu-west-1',
    status: 'CREATE_COMPLETE',
    outputs: { helloFunctionName: 'hello-Function', helloMcpUrl: 'https://abc123.execute-api.eu-west-1.amazonaws.com/mcp' },
  });
  expect(stderr).toBe('');
  // They are read from CloudFormation, so no synthesis is needed.
  expect(existsSync(join(project.root, 'deploy', 'cdk.out'))).toBe(false);
});

test('of a server that is not deployed', async () => {
  const project = new TestProject();
  const { code, stdout, stderr } = await cli(project.root, project.environment(), 'outputs');
  expect(stdout).toBe('');
  expect(stderr).toBe('error: hello is not deployed: no stack hello in eu-west-1\n  deploy it with: npx pmcp-deploy deploy\n');
  expect(code).toBe(1);
});

test("are not shown for another server's stack of the same name", async () => {
  stackIs({ Tags: [{ Key: OWNER_TAG, Value: 'older' }] });
  const project = new TestProject();
  const { code, stdout } = await cli(project.root, project.environment(), 'outputs');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test('local URLs can be resolved anywhere, and need no quotes in a shell', () => {
  const endpoint = 'http://127.0.0.1:4567';
  expect(localUrls('http://abc123.execute-api.localhost:4567/mcp', endpoint)).toBe('http://127.0.0.1:4567/_aws/execute-api/abc123/mcp');
  expect(localUrls('https://abc123.execute-api.eu-west-1.amazonaws.com/', endpoint)).toBe('http://127.0.0.1:4567/_aws/execute-api/abc123/');
  expect(localUrls(stack().Outputs![1].OutputValue!, endpoint)).toBe('hello-Function');
});

test('of a renamed server are not those of the old name', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(NO_STACK).on(DescribeStacksCommand, { StackName: 'hello' }).resolves({ Stacks: [stack()] });
  const project = new TestProject('[aws]\nregion = "eu-west-1"\n[server]\nname = "hallo"\n');
  expect(await cli(project.root, project.environment(), 'outputs', '--json')).toMatchObject({ code: 1, stdout: '' });
});
