import { setTimeout as sleep } from 'node:timers/promises';
import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { aws, cloudFormation, cloudWatchLogs } from '../aws/clients';
import { stageFlags, type Project } from '../project/project';
import { resourcesOf } from '../stack/resources';
import { describeTarget, eventsSince, firstFailure, lastEvent, type StackState } from '../stack/stack';
import { CliError, ExitCode, Interrupted } from '../util/errors';
import type { Step } from '../util/terminal';

/**
 * Pauses between the deletions of log groups, in milliseconds. A function that still ran may create its log group again, shortly after
 * the stack is deleted.
 */
const LATE_LOGS_MS = [0, 1000, 4000];

/** The names of the log groups in a stack. */
export function logGroupsOf(resources: readonly StackResourceSummary[]): string[] {
  return idsOf(resources, 'AWS::Logs::LogGroup');
}

/** The names of the log groups that Lambda creates for functions that have none in the stack. */
export function lambdaLogGroupsOf(resources: readonly StackResourceSummary[]): string[] {
  return idsOf(resources, 'AWS::Lambda::Function').map((id) => `/aws/lambda/${id}`);
}

function idsOf(resources: readonly StackResourceSummary[], type: string): string[] {
  return resources.flatMap(({ ResourceType, PhysicalResourceId: id }) => (ResourceType === type && id ? [id] : []));
}

/**
 * The resources that a deleted stack retains, such as a user pool with its users. Versions are left out, because they were deleted with
 * their function.
 */
export async function retainedResources(project: Project, stack: StackState): Promise<StackResourceSummary[]> {
  return (await resourcesOf(project, stack)).filter(({ ResourceStatus, ResourceType, PhysicalResourceId }) => (
    ResourceStatus === 'DELETE_SKIPPED' && ResourceType !== 'AWS::Lambda::Version' && PhysicalResourceId
  ));
}

/**
 * Delete a stack, and wait until it is deleted.
 *
 * @throws CliError that names the resource that could not be deleted; Interrupted
 */
export async function deleteStack(project: Project, stack: StackState, step: Step): Promise<void> {
  const before = await lastEvent(project, stack.id);
  await aws(project, `deleting stack ${stack.name}`, async () => {
    const { DeleteStackCommand } = await import('../aws/sdk/cloudformation');
    await (await cloudFormation(project)).send(new DeleteStackCommand({ StackName: stack.id }));
  });
  const status = await interruptible(async (interrupted) => waitUntilGone(project, stack, step, interrupted));
  if (status === 'DELETE_COMPLETE') return;
  const failure = firstFailure(await eventsSince(project, stack.id, before));
  throw new CliError(failure
    ? `stack ${stack.name} was not deleted: ${failure.LogicalResourceId} (${failure.ResourceType}): ${failure.ResourceStatusReason}`
    : `stack ${stack.name} was not deleted: it is ${status}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: `remove what blocks the deletion, then run: npx pmcp-deploy destroy${stageFlags(project)}`,
  });
}

async function waitUntilGone(project: Project, stack: StackState, step: Step, interrupted: () => boolean): Promise<string> {
  const { DescribeStacksCommand, paginateListStackResources } = await import('../aws/sdk/cloudformation');
  const client = await cloudFormation(project);
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 3000)) {
    const status = await aws(project, `waiting for stack ${stack.name}`, async () => {
      try {
        const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack.id }));
        return Stacks?.[0]?.StackStatus ?? 'DELETE_COMPLETE';
      } catch (error) {
        if (/does not exist/.test((error as Error).message)) return 'DELETE_COMPLETE';
        throw error;
      }
    });
    if (!status.endsWith('_IN_PROGRESS')) return status;
    if (interrupted()) {
      throw new Interrupted(
        `interrupted, but CloudFormation continues to delete stack ${stack.name} in ${describeTarget(project)}`,
        `follow it with: npx pmcp-deploy status --watch${stageFlags(project)}`,
      );
    }
    let left = 0;
    for await (const page of paginateListStackResources({ client }, { StackName: stack.id })) {
      left += (page.StackResourceSummaries ?? []).filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE').length;
    }
    step.say(`${left} resources left`);
    await sleep(pause);
  }
}

/** Run work that checks for Ctrl-C itself, instead of being ended by it. */
async function interruptible<T>(work: (interrupted: () => boolean) => Promise<T>): Promise<T> {
  let interrupted = false;
  const onSignal = () => (interrupted = true);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(() => interrupted);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/**
 * Delete log groups that still exist, or are created again, after their stack is deleted.
 *
 * @returns the names of the deleted log groups
 * @throws CliError that names the log groups that may be left, because no stack has their names any more
 */
export async function deleteLogGroups(project: Project, stackName: string, names: readonly string[]): Promise<string[]> {
  const deleted = new Set<string>();
  try {
    for (const pause of names.length > 0 ? LATE_LOGS_MS : []) {
      await sleep(pause);
      for (const name of names) if (await deleteLogGroup(project, name)) deleted.add(name);
    }
    return [...deleted];
  } catch (error) {
    const { message, exitCode } = error as CliError;
    const left = names.filter((name) => !deleted.has(name));
    throw new CliError(`stack ${stackName} is deleted, but its log groups are not: ${message}`, {
      exitCode,
      hint: left.map((name) => `delete it if it exists: aws logs delete-log-group --region ${project.region} --log-group-name ${name}`)
        .join('\n  '),
      cause: error,
    });
  }
}

async function deleteLogGroup(project: Project, logGroupName: string): Promise<boolean> {
  return aws(project, `deleting log group ${logGroupName}`, async () => {
    const { DeleteLogGroupCommand } = await import('../aws/sdk/cloudwatch-logs');
    try {
      await (await cloudWatchLogs(project)).send(new DeleteLogGroupCommand({ logGroupName }));
      return true;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return false;
      throw error;
    }
  });
}
