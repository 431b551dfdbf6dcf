import { paginateFilterLogEvents, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogGroup } from './log-event';

/** Which lines to read. */
export interface ReadOptions {
  /** The first millisecond. */
  readonly from: number;

  /** The last millisecond. @default - now and whatever comes while reading */
  readonly to?: number;

  /** A filter pattern of CloudWatch Logs. */
  readonly pattern?: string;

  /** @default - all streams */
  readonly streams?: readonly string[];
}

/** The lines of a log group in the order of their time, page by page. */
export async function* searchGroup(client: CloudWatchLogsClient, group: LogGroup, options: ReadOptions): AsyncGenerator<LogEvent[]> {
  const pages = paginateFilterLogEvents({ client }, {
    logGroupName: group.name,
    startTime: options.from,
    endTime: options.to,
    filterPattern: options.pattern,
    logStreamNames: options.streams && [...options.streams],
  });
  for await (const { events = [] } of pages) {
    yield events.map(({ logStreamName = '', timestamp = 0, message = '' }) => ({ group, stream: logStreamName, timestamp, message }));
  }
}

/** The lines of several log groups in the order of their time. */
export async function* searchGroups(client: CloudWatchLogsClient, groups: readonly LogGroup[], options: ReadOptions): AsyncGenerator<LogEvent[]> {
  yield* merge(groups.map((group) => searchGroup(client, group, options)));
}

/** Merges what comes in the order of time, in batches, from several sources. */
export async function* merge(sources: readonly AsyncIterator<LogEvent[]>[]): AsyncGenerator<LogEvent[]> {
  let heads = await Promise.all(sources.map(async (source) => ({ source, events: await nextBatch(source) })));
  while ((heads = heads.filter(({ events }) => events.length > 0)).length > 0) {
    // What comes next from any source is no earlier than the last that we have of it.
    const safe = Math.min(...heads.map(({ events }) => events[events.length - 1].timestamp));
    yield heads.flatMap(({ events }) => events.filter(({ timestamp }) => timestamp <= safe)).sort((a, b) => a.timestamp - b.timestamp);
    heads = await Promise.all(heads.map(async ({ source, events }) => {
      const rest = events.filter(({ timestamp }) => timestamp > safe);
      return { source, events: rest.length > 0 ? rest : await nextBatch(source) };
    }));
  }
}

/** Undefined at the end is an empty batch; pages without lines are skipped. */
async function nextBatch(source: AsyncIterator<LogEvent[]>): Promise<LogEvent[]> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return [];
    if (value.length > 0) return value;
  }
}
