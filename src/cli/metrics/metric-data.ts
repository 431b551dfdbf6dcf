import { paginateGetMetricData, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { TimeWindow } from './queries';

/** Values of a metric, by the second at which each period begins. */
export interface Series {
  readonly label: string;
  readonly values: Map<number, number>;
}

/** The series of each query: one, or one for each metric that a search finds. */
export type MetricData = ReadonlyMap<string, readonly Series[]>;

/** Read the data of all queries with GetMetricData. */
export async function fetchMetricData(
  client: CloudWatchClient, queries: readonly MetricDataQuery[], { start, end }: TimeWindow,
): Promise<MetricData> {
  const answers = new Map<string, Series[]>();
  const pages = paginateGetMetricData({ client }, {
    StartTime: new Date(start * 1000),
    EndTime: new Date(end * 1000),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [...queries],
  });
  for await (const { MetricDataResults = [] } of pages) {
    for (const { Id = '', Label = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const all = answers.get(Id) ?? [];
      answers.set(Id, all);
      let series = all.find(({ label }) => label === Label);
      if (!series) all.push(series = { label: Label, values: new Map() });
      for (const [index, time] of Timestamps.entries()) series.values.set(time.getTime() / 1000, Values[index]);
    }
  }
  return answers;
}
