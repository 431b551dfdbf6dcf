import { setTimeout as sleep } from 'node:timers/promises';
import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { aws, cloudFormation, cloudWatchLogs } from '../aws/clients';
import { stageFlags, type Project } from '../project/project';
import { resourcesOf } from '../stack/resources';
import { eventsSince, firstFailure, lastEvent, place, type StackState } from '../stack/stack';
import { CliError, ExitCode, Interrupted } from '../util/errors';
import type { Step } from '../util/terminal';

/** A function that still ran may write once more, and so make its log group again, a little after the stack is gone. */
const LATE_LOGS_MS = [0, 1000, 4000];

/** The names of a stack's own log groups. */
export function logGroupsOf(resources: readonly StackResourceSummary[]): string[] {
  return resources.flatMap(({ ResourceType, PhysicalResourceId: id }) => (ResourceType === 'AWS::Logs::LogGroup' && id ? [id] : []));
}

/** The names of the log groups that Lambda makes for functions that have none. */
export function lambdaLogGroupsOf(resources: readonly StackResourceSummary[]): string[] {
  return resources.flatMap(({ ResourceType, PhysicalResourceId: id }) => (ResourceType === 'AWS::Lambda::Function' && id ? [`/aws/lambda/${id}`] : []));
}

/** What a deleted stack has left because its template says so, such as a user pool with its users. Versions have gone with their function. */
export async function retained(project: Project, stack: StackState): Promise<StackResourceSummary[]> {
  const resources = await resourcesOf(project, stack);
  return resources.filter(({ ResourceStatus, ResourceType, PhysicalResourceId }) => (
    ResourceStatus === 'DELETE_SKIPPED' && ResourceType !== 'AWS::Lambda::Version' && PhysicalResourceId
  ));
}

/**
 * Deletes a stack and waits until it is gone.
 *
 * @throws CliError with the resource that could not be deleted; Interrupted
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
    hint: `remove what holds it and run again: npx pmcp-deploy destroy${stageFlags(project)}`,
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
    if (interrupted()) throw new Interrupted(`interrupted, but CloudFormation goes on deleting stack ${stack.name} in ${place(project)}`, `follow it with: npx pmcp-deploy status${stageFlags(project)}`);
    let left = 0;
    for await (const page of paginateListStackResources({ client }, { StackName: stack.id })) {
      left += (page.StackResourceSummaries ?? []).filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE').length;
    }
    step.say(`${left} resources left`);
    await sleep(pause);
  }
}

/** Signals do not end the process while the work goes on; the work asks for them. */
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
 * Deletes log groups that are there still, or come again, after their stack is gone.
 *
 * @returns the names of those that were deleted
 * @throws CliError with the names of those that may be left: without the stack, nobody knows them any more
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
      hint: left.map((name) => `look for it, and delete it with: aws logs delete-log-group --region ${project.region} --log-group-name ${name}`).join('\n  '),
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
