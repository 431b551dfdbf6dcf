import { paginateFilterLogEvents, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogGroup } from './log-event';

/** Which lines to search for. */
export interface SearchOptions {
  /** The first millisecond. */
  readonly from: number;

  /** The last millisecond. @default - until now, and lines that come during the search */
  readonly to?: number;

  /** A filter pattern of CloudWatch Logs. */
  readonly pattern?: string;

  /** @default - all streams */
  readonly streams?: readonly string[];
}

/** The lines of a log group, sorted by time, page by page. */
export async function* searchGroup(client: CloudWatchLogsClient, group: LogGroup, options: SearchOptions): AsyncGenerator<LogEvent[]> {
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
export async function* searchGroups(
  client: CloudWatchLogsClient, groups: readonly LogGroup[], options: SearchOptions,
): AsyncGenerator<LogEvent[]> {
  yield* merge(groups.map((group) => searchGroup(client, group, options)));
}

/** Merge batches of lines from several sources. Each source is sorted by time. */
export async function* merge(sources: readonly AsyncIterator<LogEvent[]>[]): AsyncGenerator<LogEvent[]> {
  let heads = await Promise.all(sources.map(async (source) => ({ source, events: await nextBatch(source) })));
  while ((heads = heads.filter(({ events }) => events.length > 0)).length > 0) {
    // The next lines of a source are not earlier than the last one of its batch.
    const safe = Math.min(...heads.map(({ events }) => events[events.length - 1].timestamp));
    yield heads.flatMap(({ events }) => events.filter(({ timestamp }) => timestamp <= safe)).sort((a, b) => a.timestamp - b.timestamp);
    heads = await Promise.all(heads.map(async ({ source, events }) => {
      const rest = events.filter(({ timestamp }) => timestamp > safe);
      return { source, events: rest.length > 0 ? rest : await nextBatch(source) };
    }));
  }
}

/** The next batch that is not empty. At the end of the source it is empty. */
async function nextBatch(source: AsyncIterator<LogEvent[]>): Promise<LogEvent[]> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return [];
    if (value.length > 0) return value;
  }
}
