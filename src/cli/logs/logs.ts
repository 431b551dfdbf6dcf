import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { followLogs } from './follow';
import { Invocations } from './invocations';
import { idsOf, LEVELS, parseEntry, type LogEntry, type Level } from './log-entry';
import type { LogEvent, LogGroup, LogSource } from './log-event';
import { renderText, renderJson } from './render';
import { searchGroups } from './search';
import type { OutputName } from '../../private/outputs';
import { aws, cloudWatchLogs } from '../aws/clients';
import { stageFlags, type Project } from '../project/project';
import { chooseServers } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { CliError } from '../util/errors';
import { markLongRunning } from '../util/signals';
import { colour, detail, note, printLines } from '../util/terminal';
import { formatSpan, parseTime } from '../util/time';

/** The options of `logs`. */
export interface LogsOptions {
  readonly tail?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly filter?: string;
  readonly level?: Lowercase<Level>;
  readonly requestId?: string;

  /** @default - `all` with a request id, otherwise `function` */
  readonly source?: LogSource | 'all';
  readonly server?: string;
  readonly poll?: boolean;
  readonly json?: boolean;
}

const DEFAULT_SPAN_MS = 10 * 60_000;

/** An invocation takes at most fifteen minutes, so its other lines may be that far from the line with its id. */
const LONGEST_INVOCATION_MS = 15 * 60_000;

const OUTPUT_OF: Readonly<Record<LogSource, OutputName>> = { function: 'LogGroupName', access: 'AccessLogGroupName' };

/** Show the logs of a deployed stack. */
export async function showLogs(project: Project, stack: StackState, options: LogsOptions): Promise<void> {
  const now = Date.now();
  const groups = groupsOf(project, stack, options);
  const from = options.since === undefined ? now - (options.tail ? 0 : DEFAULT_SPAN_MS) : parseTime(options.since, '--since', now);
  const to = options.until === undefined ? now : parseTime(options.until, '--until', now);
  if (options.tail && options.until !== undefined) throw new CliError('--until cannot be combined with --tail');
  if (from > to) throw new CliError('--since is later than --until');

  const client = await cloudWatchLogs(project);
  const ids = new Set(options.requestId === undefined ? [] : [options.requestId]);
  const show = createPrinter(groups, options, ids);
  await aws(project, 'reading the logs', async () => {
    if (options.tail) {
      markLongRunning();
      note(`following ${groups.map(({ name }) => name).join(', ')} (press Ctrl-C to stop)`);
      const arns = project.local || options.poll ? undefined : groupArns(groups, stack);
      for await (const batch of followLogs(client, { groups, from, pattern: options.filter, arns, say: note, detail })) await show(batch);
      return;
    }
    const batches = options.requestId === undefined
      ? searchGroups(client, groups, { from, to, pattern: options.filter })
      : readRequest(client, groups, ids, { from, to });
    let shown = 0;
    for await (const batch of batches) shown += await show(batch);
    if (shown === 0) {
      note(`no matching lines between ${new Date(from).toISOString()} and ${new Date(to).toISOString()}${sinceHint(options, to - from)}`);
    }
  });
}

function sinceHint({ since }: LogsOptions, span: number): string {
  return since === undefined ? `; use --since to search further back than ${formatSpan(span)}` : '';
}

/** @throws CliError if the stack has no output for such logs */
function groupsOf(project: Project, stack: StackState, options: LogsOptions): LogGroup[] {
  const wanted = options.source ?? (options.requestId === undefined ? 'function' : 'all');
  const sources: LogSource[] = wanted === 'all' ? ['function', 'access'] : [wanted];
  const groups = chooseServers(stack, options.server).flatMap(({ prefix, outputs }) => sources.flatMap((source) => {
    const name = outputs.get(OUTPUT_OF[source]);
    return name === undefined ? [] : [{ name, source, server: prefix }];
  }));
  if (groups.length === 0) {
    throw new CliError(`stack ${stack.name} has no output for the log group of ${wanted === 'access' ? 'access logs' : 'a function'}`, {
      hint: `deploy again with this version of pmcp-deploy: npx pmcp-deploy deploy${stageFlags(project)}`,
    });
  }
  return groups;
}

/** The ARNs of log groups, for Live Tail. Partition, region and account are those of the stack. */
function groupArns(groups: readonly LogGroup[], stack: StackState): string[] {
  const [, partition, , region, account] = stack.id.split(':');
  return groups.map(({ name }) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`);
}

/**
 * Read the lines of a request. Most of its lines do not have its id, so this reads all lines of the streams with the request, around the
 * time when it was served.
 *
 * @param ids the id of the request. Its other id is added, if a line of the gateway has both.
 */
async function* readRequest(
  client: CloudWatchLogsClient, groups: readonly LogGroup[], ids: Set<string>, time: { from: number; to: number },
) {
  const { from, to } = time;
  const found: LogEvent[] = [];
  // The loop includes ids that are added meanwhile: the function's, if the gateway's is given.
  for (const id of ids) {
    for await (const batch of searchGroups(client, groups, { from, to, pattern: JSON.stringify(id) })) found.push(...batch);
    const requests = found.filter(({ group }) => group.source === 'access').map((event) => idsOf(parseEntry(event)));
    requests.filter((own) => own.includes(id)).flat().forEach((own) => ids.add(own));
  }
  for (const group of groups) {
    const own = found.filter((event) => event.group === group);
    if (own.length === 0) continue;
    const times = own.map(({ timestamp }) => timestamp);
    yield* searchGroups(client, [group], {
      from: Math.max(from, Math.min(...times) - LONGEST_INVOCATION_MS),
      to: Math.max(...times) + 1,
      streams: [...new Set(own.map(({ stream }) => stream))],
    });
  }
}

/**
 * Create a function that prints the lines that pass the filters, and returns their number.
 *
 * @param ids the ids of the requested request, if there is one
 */
function createPrinter(
  groups: readonly LogGroup[], options: LogsOptions, ids: ReadonlySet<string>,
): (batch: readonly LogEvent[]) => Promise<number> {
  const invocations = new Invocations();
  const least = LEVELS.indexOf((options.level?.toUpperCase() ?? 'TRACE') as Level);
  const wanted = (entry: LogEntry) => LEVELS.indexOf(entry.level) >= least && (ids.size === 0 || idsOf(entry).some((id) => ids.has(id)));
  return async (batch) => {
    const now = new Date();
    const lines = batch.flatMap((event) => {
      const entry = invocations.entryOf(event);
      if (!entry || !wanted(entry)) return [];
      return [options.json ? renderJson(event, entry) : renderText(event, entry, { colours: colour, origin: groups.length > 1, now })];
    });
    // One write for many lines is fast enough for a busy server.
    await printLines(lines);
    return lines.length;
  };
}
