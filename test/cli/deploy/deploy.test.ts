import { existsSync, readFileSync } from 'node:fs';
import { DeleteStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, ListStackResourcesCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import { cloudFormation, emptyAccount, NO_STACK, notBootstrapped, stack, stackIs } from '../support/aws';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

jest.mock('../../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

interface Call {
  readonly command: string;
  readonly args: string[];
  readonly aws: Record<string, string>;
}

function calls(project: TestProject): Call[] {
  return readFileSync(project.calls, 'utf-8').trim().split('\n').map((line) => JSON.parse(line) as Call);
}

const BROKEN: StackEvent[] = [
  { EventId: '4', LogicalResourceId: 'hello', ResourceType: 'AWS::CloudFormation::Stack', ResourceStatus: 'ROLLBACK_COMPLETE' },
  { EventId: '3', LogicalResourceId: 'Api', ResourceType: 'AWS::ApiGatewayV2::Api', ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: 'Resource creation cancelled' },
  { EventId: '2', LogicalResourceId: 'Function', ResourceType: 'AWS::Lambda::Function', ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: 'the role cannot be assumed' },
  { EventId: '1', LogicalResourceId: 'hello', ResourceType: 'AWS::CloudFormation::Stack', ResourceStatus: 'CREATE_IN_PROGRESS' },
].map((event) => ({ ...event, ResourceStatus: event.ResourceStatus as StackEvent['ResourceStatus'], StackId: stack().StackId, StackName: 'hello', Timestamp: new Date() }));

beforeEach(emptyAccount);

test('builds, then deploys what was built, then prints the outputs', async () => {
  const project = new TestProject();
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(NO_STACK).resolves({ Stacks: [stack()] });
  const { code, stdout } = await cli(project.root, project.environment(), 'deploy');
  expect(stdout).toBe([
    'helloFunctionName  hello-Function',
    'helloMcpUrl        https://abc123.execute-api.eu-west-1.amazonaws.com/mcp',
    'MCP URL: https://abc123.execute-api.eu-west-1.amazonaws.com/mcp',
    '',
  ].join('\n'));
  expect(code).toBe(0);
  const out = `${project.root}/deploy/cdk.out`;
  expect(calls(project).map(({ command, args }) => [command, ...args])).toEqual([
    ['synth', '--quiet', '--output', out, '--context', 'stage=default'],
    ['deploy', 'Stack', '--app', out, '--require-approval', 'never', '--context', 'stage=default'],
  ]);
});

test.each([
  [['--hotswap'], '--hotswap-fallback'],
  [['--on-failure', 'keep'], '--no-rollback'],
])('deploy %p', async (args, expected) => {
  const project = new TestProject();
  stackIs();
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  expect((await cli(project.root, project.environment(), 'deploy', ...args)).code).toBe(0);
  expect(calls(project)[1].args).toContain(expected);
});

test('a dry run shows the differences and deploys nothing', async () => {
  const project = new TestProject();
  expect((await cli(project.root, project.environment(), 'deploy', '--dry-run')).code).toBe(0);
  expect(calls(project).map(({ command }) => command)).toEqual(['synth', 'diff']);
});

test('works from any folder of the project, for the stage that is asked for', async () => {
  const project = new TestProject('[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[stages.prod.aws]\nregion = "us-east-2"\n');
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(NO_STACK).resolves({ Stacks: [stack({ StackName: 'hello-prod' })] });
  expect((await cli(`${project.root}/deploy/node_modules`, project.environment(), 'deploy', '--stage', 'prod', '--no-tests')).code).toBe(0);
  expect(calls(project)[1].args).toEqual(expect.arrayContaining(['--context', 'stage=prod']));
  expect(await cloudFormation.commandCalls(DescribeStacksCommand)[0].thisValue.config.region()).toBe('us-east-2');
});

test('a failed deployment ends with the resource that failed first, and its reason', async () => {
  const project = new TestProject('', { exit: { deploy: 1 } });
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(NO_STACK).resolves({ Stacks: [stack({ StackStatus: 'ROLLBACK_COMPLETE' })] });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: BROKEN });
  const { code, stdout, stderr } = await cli(project.root, project.environment(), 'deploy');
  expect(stdout).toBe('');
  expect(stderr.split('\n').slice(-3)).toEqual([
    'error: the deployment of hello failed at Function (AWS::Lambda::Function), CREATE_FAILED: the role cannot be assumed',
    '  fix it, then run: npx pmcp-deploy deploy',
    '',
  ]);
  expect(code).toBe(2);
});

test('failures of an earlier deployment are not taken for those of this one', async () => {
  const project = new TestProject('', { exit: { deploy: 1 } });
  stackIs({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: BROKEN });
  const { code, stderr } = await cli(project.root, project.environment(), 'deploy');
  expect(stderr).toContain('error: the deployment of hello failed; the reason is above\n');
  expect(code).toBe(2);
});

test.each([
  ['UPDATE_IN_PROGRESS', 'error: interrupted, but CloudFormation continues: stack hello in eu-west-1 is UPDATE_IN_PROGRESS\n  follow it with: npx pmcp-deploy status --watch\n'],
  ['UPDATE_COMPLETE', 'error: interrupted; CloudFormation is not changing anything\n'],
] as const)('Ctrl-C says whether CloudFormation continues: %s', async (status, said) => {
  const project = new TestProject('', { hangs: 'deploy' });
  cloudFormation.on(DescribeStacksCommand).resolvesOnce({ Stacks: [stack()] }).resolves({ Stacks: [stack({ StackStatus: status })] });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  const running = cli(project.root, project.environment(), 'deploy');
  while (!existsSync(project.calls) || calls(project).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  // What Ctrl-C does, without what it does to the tests themselves.
  process.listeners('SIGINT').at(-1)!('SIGINT');
  const { code, stderr } = await running;
  expect(stderr.endsWith(`✖ Deploy\n${said}`)).toBe(true);
  expect(code).toBe(130);
});

test('with --yes, a missing bootstrap is made first', async () => {
  const project = new TestProject();
  notBootstrapped();
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(NO_STACK).resolves({ Stacks: [stack()] });
  expect((await cli(project.root, project.environment(), 'deploy', '--yes')).code).toBe(0);
  expect(calls(project).map(({ command, args }) => [command, args[0]])).toEqual([['bootstrap', 'aws://111111111111/eu-west-1'], ['synth', '--quiet'], ['deploy', 'Stack']]);
});

test('with --yes, what is left of a first deployment that failed is deleted first', async () => {
  const project = new TestProject();
  cloudFormation.on(DescribeStacksCommand)
    .resolvesOnce({ Stacks: [stack({ StackStatus: 'ROLLBACK_COMPLETE' })] })
    .resolvesOnce({ Stacks: [stack({ StackStatus: 'DELETE_COMPLETE' })] })
    .resolves({ Stacks: [stack()] });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: BROKEN });
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] });
  cloudFormation.on(DeleteStackCommand).resolves({});
  expect((await cli(project.root, project.environment(), 'deploy', '--yes')).code).toBe(0);
  expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(1);
  expect(calls(project).map(({ command }) => command)).toEqual(['synth', 'deploy']);
});
