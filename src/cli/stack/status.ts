import { setTimeout as sleep } from 'node:timers/promises';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { mcpUrls } from './deployed-servers';
import { resourcesOf } from './resources';
import { assertOwned, eventsSince, findStack, firstFailure, lastEvent, notDeployed, stageOf, type StackState } from './stack';
import { oneLine } from '../../util/text/visible';
import { stageFlags, type Project } from '../project/project';
import { colour, note, printTable } from '../util/terminal';

const POLL_MS = 2000;

/** The state of a stage. */
export interface Status {
  readonly server: string;
  readonly stage: string;
  readonly region: string;
  readonly stack: string;

  /** The status of the stack, or `NOT_DEPLOYED`. */
  readonly status: string;
  readonly changed?: string;
  readonly resources?: number;
  readonly urls: readonly string[];

  /** The first failure of the last operation. */
  readonly failure?: string;

  /** What to do next. */
  readonly advice?: string;
}

/** Read the state of the project's stage. */
export async function readStatus(project: Project): Promise<Status> {
  const stack = await findStack(project);
  const base = { server: project.serverName, stage: project.stage, region: project.region, stack: project.stackName };
  if (!stack || stack.status === 'REVIEW_IN_PROGRESS') {
    return { ...base, status: 'NOT_DEPLOYED', urls: [], advice: notDeployed(project).hint };
  }
  assertOwned(stack, project);
  const failure = hasFailed(stack) ? firstFailure(lastOperation(await eventsSince(project, stack.id), stack.id)) : undefined;
  return {
    ...base,
    stage: stageOf(stack) ?? project.stage,
    status: stack.status,
    changed: stack.changed?.toISOString(),
    resources: (await resourcesOf(project, stack)).filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE').length,
    urls: mcpUrls(stack).map(({ value }) => value),
    failure: failure && describeFailure(failure),
    advice: adviceOn(project, stack),
  };
}

function hasFailed({ status }: StackState): boolean {
  return status.includes('ROLLBACK') || status.endsWith('_FAILED');
}

function adviceOn(project: Project, { status }: StackState): string | undefined {
  if (status.endsWith('_IN_PROGRESS')) return `follow it with: npx pmcp-deploy status --watch${stageFlags(project)}`;
  if (['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'].includes(status)) {
    return `clean up with: npx pmcp-deploy destroy${stageFlags(project)}`;
  }
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return `the state before the failed update was restored; deploy again with: npx pmcp-deploy deploy${stageFlags(project)}`;
  }
  return undefined;
}

/** The events of the last operation on a stack, newest first. */
function lastOperation(events: readonly StackEvent[], stackId: string): readonly StackEvent[] {
  const begun = events.findIndex(({ PhysicalResourceId, ResourceStatus = '' }) => (
    PhysicalResourceId === stackId && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(ResourceStatus)
  ));
  return begun === -1 ? events : events.slice(0, begun + 1);
}

function describeFailure({ LogicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason }: StackEvent): string {
  return `${LogicalResourceId} (${ResourceType}), ${ResourceStatus}: ${ResourceStatusReason}`;
}

export async function printStatus(status: Status): Promise<void> {
  const good = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status.status);
  const busy = status.status.endsWith('_IN_PROGRESS');
  const paint = good ? colour.green : busy || status.status === 'NOT_DEPLOYED' ? colour.yellow : colour.red;
  const rows: [string, string | undefined][] = [
    ['Server', status.server],
    ['Stage', status.stage],
    ['Region', status.region],
    ['Stack', status.stack],
    ['Status', paint(status.status)],
    ['Changed', status.changed],
    ['Resources', status.resources?.toString()],
    ...status.urls.map((url): [string, string] => ['MCP URL', colour.cyan(url)]),
    ['Failed at', status.failure],
  ];
  await printTable(rows.flatMap(([title, value]) => (value === undefined ? [] : [[title, value]])));
  if (status.advice) note(`  ${status.advice}`);
}

/** Show the events of the project's stack until its operation ends. */
export async function followStack(project: Project): Promise<void> {
  let stack = await findStack(project);
  if (!stack) return;
  let seen = await lastEvent(project, stack.id);
  const { id } = stack;
  while (stack?.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    await sleep(POLL_MS);
    const news = await eventsSince(project, id, seen);
    for (const event of [...news].reverse()) {
      const reason = event.ResourceStatusReason ? `  ${colour.dim(oneLine(event.ResourceStatusReason))}` : '';
      const time = event.Timestamp?.toLocaleTimeString() ?? '';
      note(`${time}  ${event.ResourceStatus}  ${event.LogicalResourceId} (${event.ResourceType})${reason}`);
    }
    seen = news[0]?.EventId ?? seen;
    stack = await findStack(project);
  }
}
