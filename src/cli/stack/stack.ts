import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { OWNER_TAG, STAGE_TAG } from '../../config/names';
import { aws, cloudFormation } from '../aws/clients';
import { localUrls } from '../local/urls';
import { stageFlags, type Project } from '../project/project';
import { CliError } from '../util/errors';

/** An output of a stack. */
export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

/** The state of a stack. */
export interface StackState {
  readonly name: string;
  readonly id: string;

  /** For example `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason?: string;
  readonly tags: ReadonlyMap<string, string>;

  /** In the order of their keys. URLs of a local AWS are converted so that they work on this machine. */
  readonly outputs: readonly Output[];

  /** When it was created or last updated. */
  readonly changed?: Date;
}

/** Read the project's stack. Undefined if it does not exist. */
export async function findStack(project: Project): Promise<StackState | undefined> {
  return aws(project, `reading stack ${project.stackName}`, async () => {
    const { DescribeStacksCommand } = await import('../aws/sdk/cloudformation');
    const client = await cloudFormation(project);
    try {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: project.stackName }));
      return Stacks?.[0] && toState(Stacks[0], project);
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return undefined;
      throw error;
    }
  });
}

function toState(stack: Stack, project: Project): StackState {
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '', Description }) => ({
    key: OutputKey,
    value: project.local ? localUrls(OutputValue, project.local.endpoint) : OutputValue,
    description: Description,
  }));
  return {
    name: stack.StackName ?? project.stackName,
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    statusReason: stack.StackStatusReason,
    tags: new Map((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    outputs: outputs.sort((a, b) => a.key.localeCompare(b.key)),
    changed: stack.LastUpdatedTime ?? stack.CreationTime,
  };
}

/**
 * Read the project's stack.
 *
 * @throws CliError if it is not deployed, or belongs to another server
 */
export async function deployedStack(project: Project): Promise<StackState> {
  const stack = await findStack(project);
  if (!stack || stack.status === 'REVIEW_IN_PROGRESS') throw notDeployed(project);
  assertOwned(stack, project);
  return stack;
}

export function notDeployed(project: Project): CliError {
  return new CliError(`${project.serverName} is not deployed: no stack ${project.stackName} in ${describeTarget(project)}`, {
    hint: `deploy it with: npx pmcp-deploy deploy${stageFlags(project)}`,
  });
}

/** The region, for messages. */
export function describeTarget(project: Project): string {
  return project.local ? `the local AWS (${project.region})` : project.region;
}

/** @throws CliError if the stack does not have the tag of this tool with the name of this server */
export function assertOwned(stack: StackState, project: Project): void {
  if (stack.status === 'REVIEW_IN_PROGRESS') return;
  const owner = stack.tags.get(OWNER_TAG);
  if (owner === project.serverName) return;
  const found = owner === undefined ? `it has no tag "${OWNER_TAG}"` : `its tag "${OWNER_TAG}" is ${JSON.stringify(owner)}`;
  const expected = JSON.stringify(project.serverName);
  throw new CliError(`stack ${stack.name} in ${describeTarget(project)} was not created for this server: ${found}, expected ${expected}`, {
    hint: 'choose another name in [server] of .pmcp/deploy.toml, or delete that stack with the tool that created it',
  });
}

/** The stage of a stack. */
export function stageOf(stack: StackState): string | undefined {
  return stack.tags.get(STAGE_TAG);
}

/**
 * Read the events of a stack, newest first.
 *
 * @param since id of the newest event to leave out, with all older ones
 */
export async function eventsSince(project: Project, stackId: string, since?: string): Promise<StackEvent[]> {
  return aws(project, `reading the events of stack ${project.stackName}`, async () => {
    const { paginateDescribeStackEvents } = await import('../aws/sdk/cloudformation');
    const client = await cloudFormation(project);
    const events: StackEvent[] = [];
    for await (const page of paginateDescribeStackEvents({ client }, { StackName: stackId })) {
      for (const event of page.StackEvents ?? []) {
        if (event.EventId === since) return events;
        events.push(event);
      }
    }
    return events;
  });
}

/** Read the id of the newest event of a stack. */
export async function lastEvent(project: Project, stackId: string): Promise<string | undefined> {
  return aws(project, `reading the events of stack ${project.stackName}`, async () => {
    const { DescribeStackEventsCommand } = await import('../aws/sdk/cloudformation');
    const { StackEvents } = await (await cloudFormation(project)).send(new DescribeStackEventsCommand({ StackName: stackId }));
    return StackEvents?.[0]?.EventId;
  });
}

/** The event that made an operation fail: the first failure that is not a consequence of another one. */
export function firstFailure(newestFirst: readonly StackEvent[]): StackEvent | undefined {
  const failed = newestFirst.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED')).reverse();
  return failed.find(({ ResourceStatusReason = '' }) => !/cancelled/i.test(ResourceStatusReason)) ?? failed[0];
}
