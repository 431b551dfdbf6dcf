import { DescribeStackEventsCommand, ListStackResourcesCommand, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError, cloudFormation, emptyAccount, stackIs } from '../support/aws';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

jest.mock('../../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

const cloudWatch = mockClient(CloudWatchClient);
const BASE = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[post_deploy_tests]\nenabled = false\n';
const CANARY = `${BASE}[deployment]\nstrategy = "canary10percent5minutes"\n`;

function resource(ResourceType: string, PhysicalResourceId: string): StackResourceSummary {
  return { LogicalResourceId: PhysicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date() };
}

beforeEach(() => {
  emptyAccount();
  stackIs();
  cloudWatch.reset();
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  cloudFormation.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: [resource('AWS::CloudWatch::Alarm', 'hello-errors'), resource('AWS::IAM::Role', 'role'), resource('AWS::CloudWatch::Alarm', 'hello-latency')],
  });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'hello-errors' }] });
});

async function deploy(toml: string): Promise<{ code: number; stderr: string }> {
  const project = new TestProject(toml);
  return cli(project.root, project.environment(), 'deploy');
}

describe('aws (d): an alarm that is on before a gradual deployment', () => {
  test('is told before the build, with the way past it', async () => {
    const { code, stderr } = await deploy(CANARY);
    const warning = '! alarm hello-errors in state ALARM: CodeDeploy may stop the deployment and roll it back; wait until the state is OK, or set strategy = "all-at-once" in [deployment]\n';
    expect(stderr).toContain(warning);
    expect(stderr.indexOf(warning)).toBeLessThan(stderr.indexOf('Build'));
    expect(code).toBe(0);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0].args[0].input).toEqual({ AlarmNames: ['hello-errors', 'hello-latency'], StateValue: 'ALARM' });
  });

  test('is of no matter where CodeDeploy is not used', async () => {
    expect((await deploy(BASE)).stderr).not.toContain('ALARM');
    expect(cloudWatch.calls()).toHaveLength(0);
  });

  test('need not be known', async () => {
    cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('AccessDenied'));
    const { code, stderr } = await deploy(CANARY);
    expect([code, stderr.includes('ALARM')]).toEqual([0, false]);
  });
});
