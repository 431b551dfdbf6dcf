import { DeleteStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { awsError, cloudFormation, emptyAccount, logs, stack, stackIs } from '../support/aws';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const RESOURCES = [
  { LogicalResourceId: 'Function', ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'hello-fn' },
  { LogicalResourceId: 'Logs', ResourceType: 'AWS::Logs::LogGroup', PhysicalResourceId: '/hello/logs' },
  { LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'hello-role' },
].map((each) => ({ ...each, ResourceStatus: 'CREATE_COMPLETE' as const, LastUpdatedTimestamp: new Date() }));

const GONE = awsError('ResourceNotFoundException');

beforeEach(() => {
  emptyAccount();
  stackIs();
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: RESOURCES });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  cloudFormation.on(DeleteStackCommand).resolves({});
  logs.on(DeleteLogGroupCommand).rejects(GONE);
});

/** The first answer is for the check, the next ones for the wait. */
function deletionEnds(status: 'DELETE_COMPLETE' | 'DELETE_FAILED') {
  cloudFormation.on(DescribeStacksCommand)
    .resolvesOnce({ Stacks: [stack()] })
    .resolvesOnce({ Stacks: [stack({ StackStatus: 'DELETE_IN_PROGRESS' })] })
    .resolves({ Stacks: [stack({ StackStatus: status })] });
}

test('deletes the stack, waits, and deletes log groups that are left or come again', async () => {
  const project = new TestProject();
  deletionEnds('DELETE_COMPLETE');
  // Left by the stack, and made again by a late invocation after the first sweep.
  logs.on(DeleteLogGroupCommand, { logGroupName: '/hello/logs' }).resolvesOnce({}).rejects(GONE);
  logs.on(DeleteLogGroupCommand, { logGroupName: '/aws/lambda/hello-fn' }).rejectsOnce(GONE).resolvesOnce({}).rejects(GONE);
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr).toBe('✔ Delete stack hello  3 resources left\n✔ Delete log groups  /hello/logs, /aws/lambda/hello-fn\n✔ hello, stage default, is deleted\n');
  expect(code).toBe(0);
  expect(cloudFormation.commandCalls(DeleteStackCommand)[0].args[0].input).toEqual({ StackName: stack().StackId });
}, 15_000);

test('keeps the log groups that the stack retains where that is wanted, and names them', async () => {
  const project = new TestProject();
  deletionEnds('DELETE_COMPLETE');
  const [lambda, group, role] = RESOURCES;
  cloudFormation.on(ListStackResourcesCommand)
    .resolvesOnce({ StackResourceSummaries: RESOURCES })
    .resolvesOnce({ StackResourceSummaries: RESOURCES })
    .resolves({ StackResourceSummaries: [lambda, { ...group, ResourceStatus: 'DELETE_SKIPPED' }, role] });
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes', '--keep-logs');
  expect(stderr).toBe('✔ Delete stack hello  3 resources left\n✔ Delete log groups\n! AWS::Logs::LogGroup /hello/logs was kept, because the CDK app retains it; delete it yourself if you do not need it\n✔ hello, stage default, is deleted\n');
  expect(code).toBe(0);
  expect(new Set(logs.commandCalls(DeleteLogGroupCommand).map(({ args: [{ input }] }) => input.logGroupName))).toEqual(new Set(['/aws/lambda/hello-fn']));
}, 15_000);

test('names what else the stack retains, but not the versions that went with their function', async () => {
  const project = new TestProject();
  deletionEnds('DELETE_COMPLETE');
  const skipped = (type: string, id: string) => ({ ...RESOURCES[0], ResourceType: type, PhysicalResourceId: id, ResourceStatus: 'DELETE_SKIPPED' as const });
  cloudFormation.on(ListStackResourcesCommand)
    .resolvesOnce({ StackResourceSummaries: RESOURCES })
    .resolvesOnce({ StackResourceSummaries: RESOURCES })
    .resolves({ StackResourceSummaries: [skipped('AWS::Cognito::UserPool', 'pool'), skipped('AWS::Lambda::Version', 'hello-fn:1'), skipped('AWS::Logs::LogGroup', '/hello/logs')] });
  logs.on(DeleteLogGroupCommand, { logGroupName: '/hello/logs' }).resolvesOnce({}).rejects(GONE);
  const { stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr.split('\n').filter((line) => line.startsWith('! '))).toEqual(['! AWS::Cognito::UserPool pool was kept, because the CDK app retains it; delete it yourself if you do not need it']);
}, 15_000);

test('says what happens to the logs before it asks', async () => {
  const project = new TestProject();
  expect((await cli(project.root, project.environment(), 'destroy')).stderr).toContain(
    'stack hello in eu-west-1 has 3 resources\n  log groups /hello/logs: they are deleted, even if the CDK app retains them (--keep-logs keeps those)\n',
  );
  expect((await cli(project.root, project.environment(), 'destroy', '--keep-logs')).stderr).toContain('/hello/logs: those that the CDK app retains are kept\n');
});

test('does not ask without a terminal', async () => {
  const project = new TestProject();
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy');
  expect(stderr).toContain('error: destroy needs a confirmation, and there is no terminal to ask on: run "npx pmcp-deploy destroy --yes"\n');
  expect(code).toBe(1);
  expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(0);
});

test("refuses another tool's stack", async () => {
  stackIs({ Tags: [] });
  const project = new TestProject();
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr).toContain('error: stack hello in eu-west-1 was not created for this server: it has no tag "pmcp-deploy:server", expected "hello"\n');
  expect(code).toBe(1);
  expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(0);
});

test('says that there is nothing to delete', async () => {
  emptyAccount();
  const project = new TestProject();
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr).toBe('✔ nothing to delete: there is no stack hello in eu-west-1\n');
  expect(code).toBe(0);
});

test('a deletion that fails is no success: it says what could not be deleted, and why', async () => {
  const project = new TestProject();
  deletionEnds('DELETE_FAILED');
  cloudFormation.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [] }).resolves({
    StackEvents: [{
      EventId: '9',
      StackId: '1',
      StackName: 'hello',
      Timestamp: new Date(),
      LogicalResourceId: 'Bucket',
      ResourceType: 'AWS::S3::Bucket',
      ResourceStatus: 'DELETE_FAILED',
      ResourceStatusReason: 'The bucket is not empty',
    }],
  });
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr).toContain('error: stack hello was not deleted: Bucket (AWS::S3::Bucket): The bucket is not empty\n  remove what blocks the deletion, then run: npx pmcp-deploy destroy\n');
  expect(code).toBe(2);
});

test('a deletion that fails without an event ends with the status of the stack', async () => {
  const project = new TestProject();
  deletionEnds('DELETE_FAILED');
  const { code, stderr } = await cli(project.root, project.environment(), 'destroy', '--yes');
  expect(stderr).toContain('error: stack hello was not deleted: it is DELETE_FAILED');
  expect(code).toBe(2);
});
