import { GetQueryResultsCommand, StartQueryCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { TimeWindow } from './queries';
import type { ColdStarts } from './summary';

const POLL_MS = 500;
const TIMEOUT_MS = 30_000;

/** Works for JSON logs, and for plain text, in which CloudWatch discovers the field `@initDuration`. */
const QUERY = [
  'fields coalesce(record.metrics.initDurationMs, @initDuration) as init',
  'filter ispresent(init)',
  'stats count(*) as starts, avg(init) as average, max(init) as longest',
].join(' | ');

/** Count cold starts with Logs Insights, for stacks without custom metrics. Undefined if the query takes too long. */
export async function searchColdStarts(
  client: CloudWatchLogsClient, logGroup: string, { start, end }: TimeWindow,
): Promise<ColdStarts | undefined> {
  const { queryId } = await client.send(new StartQueryCommand({
    logGroupName: logGroup, startTime: start, endTime: end, queryString: QUERY,
  }));
  for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const { status, results = [] } = await client.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const row = new Map(results[0]?.map(({ field = '', value = '' }) => [field, Number(value)]));
      return { count: row.get('starts') ?? 0, averageMs: row.get('average'), longestMs: row.get('longest') };
    }
    if (status !== 'Running' && status !== 'Scheduled') return undefined;
  }
  return undefined;
}
