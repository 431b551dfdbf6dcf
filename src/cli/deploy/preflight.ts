import { aws, cloudWatch, ssm, sts } from '../aws/clients';
import { bootstrapQualifier } from '../project/cdk';
import { stageFlags, type Project } from '../project/project';
import { resourcesOf } from '../stack/resources';
import { assertOwned, findStack, type StackState } from '../stack/stack';
import { CliError } from '../util/errors';
import { detail } from '../util/terminal';

/** The oldest CDK bootstrap that the CDK deploys with. */
export const MIN_BOOTSTRAP_VERSION = 6;

/** What is known about the AWS environment before a build is begun. */
export interface Preflight {
  readonly account: string;

  /** The stack as it is, if there is one. */
  readonly stack?: StackState;
}

/**
 * The account that the credentials are of.
 *
 * @throws CliError without credentials that work, or when they are of another account than deploy.toml says
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

/** The version of the CDK bootstrap of the project's environment, or undefined when there is none. */
export async function bootstrapVersion(project: Project): Promise<number | undefined> {
  return aws(project, 'looking for the CDK bootstrap', async () => {
    const { GetParameterCommand, ParameterNotFound } = await import('../aws/sdk/ssm');
    try {
      const { Parameter } = await (await ssm(project)).send(new GetParameterCommand({ Name: bootstrapParameter(project) }));
      return Number(Parameter?.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound || (error as Error).name === 'ParameterNotFound') return undefined;
      throw error;
    }
  });
}

export function bootstrapParameter(project: Project): string {
  return `/cdk-bootstrap/${bootstrapQualifier(project)}/version`;
}

/** @throws CliError with the command that makes the CDK bootstrap, when it is missing or too old */
export async function requireBootstrap(project: Project, account: string): Promise<void> {
  const version = await bootstrapVersion(project);
  if (version !== undefined && version >= MIN_BOOTSTRAP_VERSION) return;
  const environment = `aws://${account}/${project.region}`;
  throw new CliError(version === undefined
    ? `${environment} is not bootstrapped for the CDK: there is no SSM parameter ${bootstrapParameter(project)}`
    : `the CDK bootstrap of ${environment} is too old: version ${version}, at least ${MIN_BOOTSTRAP_VERSION} is needed`, {
    hint: `bootstrap it once with: npx pmcp-deploy bootstrap${stageFlags(project)}, or: npx cdk bootstrap ${environment}`,
  });
}

/**
 * The project's stack, if there is one, when a deployment may begin.
 *
 * @throws CliError when the stack is somebody else's, or something else goes on with it
 */
export async function stackToDeploy(project: Project): Promise<StackState | undefined> {
  const stack = await findStack(project);
  if (!stack) return undefined;
  assertOwned(stack, project);
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw new CliError(`stack ${stack.name} is being changed already (${stack.status})`, {
      hint: `wait for it to end, and look with: npx pmcp-deploy status${stageFlags(project)}`,
    });
  }
  return stack;
}

/** The most names that CloudWatch takes in one call. */
const MAX_ALARM_NAMES = 100;

/** The alarms of a stack that are in state ALARM. None where they cannot be asked for: a deployment does not need to know. */
export async function alarmsThatAreOn(project: Project, stack: StackState): Promise<string[]> {
  try {
    const alarms = (await resourcesOf(project, stack)).filter(({ ResourceType }) => ResourceType === 'AWS::CloudWatch::Alarm');
    const names = alarms.flatMap(({ PhysicalResourceId: name }) => (name ? [name] : [])).slice(0, MAX_ALARM_NAMES);
    if (names.length === 0) return [];
    return await aws(project, 'looking at the alarms', async () => {
      const { DescribeAlarmsCommand } = await import('../aws/sdk/cloudwatch');
      const { MetricAlarms = [] } = await (await cloudWatch(project)).send(new DescribeAlarmsCommand({ AlarmNames: names, StateValue: 'ALARM' }));
      return MetricAlarms.map(({ AlarmName = '' }) => AlarmName);
    });
  } catch (error) {
    detail(`the alarms were not looked at: ${(error as Error).message}`);
    return [];
  }
}
