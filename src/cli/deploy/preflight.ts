import { aws, cloudWatch, sts } from '../aws/clients';
import { stageFlags, type Project } from '../project/project';
import { resourcesOf } from '../stack/resources';
import { assertOwned, findStack, type StackState } from '../stack/stack';
import { CliError } from '../util/errors';
import { detail } from '../util/terminal';

/**
 * The account of the credentials.
 *
 * @throws CliError if there are no valid credentials, or if deploy.toml has another account
 */
export async function callerAccount(project: Project): Promise<string> {
  const account = await aws(project, 'checking the credentials', async () => {
    const { GetCallerIdentityCommand } = await import('../aws/sdk/sts');
    const { Account = '' } = await (await sts(project)).send(new GetCallerIdentityCommand({}));
    return Account;
  });
  if (!project.local && project.account !== undefined && project.account !== account) {
    throw new CliError(`the AWS credentials are of account ${account}, and [aws] account_id in .pmcp/deploy.toml is ${project.account}`, {
      hint: `use credentials of account ${project.account} (AWS_PROFILE=<profile>), or correct account_id`,
    });
  }
  return account;
}

/**
 * The project's stack, if there is one.
 *
 * @throws CliError if the stack belongs to another server, or is being changed
 */
export async function stackToDeploy(project: Project): Promise<StackState | undefined> {
  const stack = await findStack(project);
  if (!stack) return undefined;
  assertOwned(stack, project);
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw new CliError(`stack ${stack.name} is already being changed (${stack.status})`, {
      hint: `follow it with: npx pmcp-deploy status --watch${stageFlags(project)}`,
    });
  }
  return stack;
}

/** Maximum number of names in one DescribeAlarms call. */
const MAX_ALARM_NAMES = 100;

/** The alarms of a stack that are in state ALARM. Empty if they cannot be read, because a deployment does not depend on them. */
export async function activeAlarms(project: Project, stack: StackState): Promise<string[]> {
  try {
    const alarms = (await resourcesOf(project, stack)).filter(({ ResourceType }) => ResourceType === 'AWS::CloudWatch::Alarm');
    const names = alarms.flatMap(({ PhysicalResourceId: name }) => (name ? [name] : [])).slice(0, MAX_ALARM_NAMES);
    if (names.length === 0) return [];
    return await aws(project, 'reading the alarms', async () => {
      const { DescribeAlarmsCommand } = await import('../aws/sdk/cloudwatch');
      const client = await cloudWatch(project);
      const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: names, StateValue: 'ALARM' }));
      return MetricAlarms.map(({ AlarmName = '' }) => AlarmName);
    });
  } catch (error) {
    detail(`the alarms could not be read: ${(error as Error).message}`);
    return [];
  }
}
