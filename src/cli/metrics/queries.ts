import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { OutputName } from '../../private/outputs';
import type { DeployedServer } from '../stack/deployed-servers';

const MINUTE = 60;
const DAY = 86_400;

/** A time window, and the periods of its chart. */
export interface TimeWindow {
  /** Seconds since 1970, a multiple of the period. */
  readonly start: number;
  readonly end: number;

  /** Length of a period of the chart, in seconds. */
  readonly period: number;
}

const CHART_PERIODS = 40;

/** CloudWatch keeps values of one minute for 15 days, of five minutes for 63 days, and of one hour for 455 days. */
const RETENTION: ReadonlyArray<readonly [days: number, period: number]> = [[15, MINUTE], [63, 5 * MINUTE], [455, 60 * MINUTE]];
export const LONGEST_SECONDS = 455 * DAY;

/**
 * Searches and ListMetrics only find metrics with data in the last two weeks. The values of other metrics can be read by name:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export const SEARCHED_SECONDS = 14 * DAY;

/** The window of a time span (in milliseconds) that ends now, with periods for which CloudWatch has data. */
export function timeWindow(spanMs: number, nowMs: number): TimeWindow {
  const span = Math.ceil(spanMs / 1000);
  const finest = RETENTION.find(([days]) => span <= days * DAY)?.[1] ?? RETENTION[RETENTION.length - 1][1];
  const period = Math.max(1, Math.ceil(span / CHART_PERIODS / finest)) * finest;
  // The current period is included.
  const end = Math.ceil(nowMs / 1000 / period) * period;
  return { start: end - Math.ceil(span / period) * period, end, period };
}

/** A metric of a server that is read in periods, for the chart. */
interface Measure {
  readonly namespace: string;
  readonly name: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;

  /** If true, read the value of the whole window too: percentiles of periods cannot be combined. */
  readonly whole?: boolean;
}

/** Names of the measures in the JSON output. */
export type MeasureName =
  'invocations' | 'errors' | 'throttles' | 'durationP50' | 'durationP95' | 'durationP99' | 'durationSum' | 'concurrency'
  | 'coldStarts' | 'initAverage' | 'initMaximum' | 'memoryMaximum' | 'requests' | 'clientErrors' | 'serverErrors'
  | 'latencyP50' | 'latencyP95' | 'latencyP99' | 'logBytes' | 'accessLogBytes';

/** The measures of a server. Older deployments have no outputs for the HTTP API or the metrics namespace, and fewer measures. */
export function measuresOf({ outputs }: DeployedServer): Partial<Record<MeasureName, Measure>> {
  const lambda = (name: string, stat: string, whole = false): Measure => (
    { namespace: 'AWS/Lambda', name, stat, whole, dimensions: { FunctionName: outputs.get('FunctionName') ?? '' } }
  );
  // Older deployments have no output for the id of the API: take it from the URL.
  const urlMatch = /\/\/([a-z0-9]+)\.execute-api\.|\/execute-api\/([a-z0-9]+)/.exec(outputs.get('ApiUrl') ?? '');
  const apiId = outputs.get('ApiId') ?? urlMatch?.slice(1).find((id) => id !== undefined);
  const api = (name: string, stat: string, whole = false): Measure | undefined => (
    apiId === undefined ? undefined : { namespace: 'AWS/ApiGateway', name, stat, whole, dimensions: { ApiId: apiId } }
  );
  const namespace = outputs.get('MetricsNamespace');
  const own = (name: string, stat: string): Measure | undefined => (
    namespace === undefined ? undefined : { namespace, name, stat, dimensions: {} }
  );
  const bytes = (output: OutputName): Measure | undefined => {
    const LogGroupName = outputs.get(output);
    if (LogGroupName === undefined) return undefined;
    return { namespace: 'AWS/Logs', name: 'IncomingBytes', stat: 'Sum', dimensions: { LogGroupName } };
  };
  return {
    invocations: lambda('Invocations', 'Sum'),
    errors: lambda('Errors', 'Sum'),
    throttles: lambda('Throttles', 'Sum'),
    durationP50: lambda('Duration', 'p50', true),
    durationP95: lambda('Duration', 'p95', true),
    durationP99: lambda('Duration', 'p99', true),
    durationSum: lambda('Duration', 'Sum'),
    concurrency: lambda('ConcurrentExecutions', 'Maximum'),
    coldStarts: own('InitDuration', 'SampleCount'),
    initAverage: own('InitDuration', 'Average'),
    initMaximum: own('InitDuration', 'Maximum'),
    memoryMaximum: own('MaxMemoryUsed', 'Maximum'),
    requests: api('Count', 'SampleCount'),
    clientErrors: api('4xx', 'Sum'),
    serverErrors: api('5xx', 'Sum'),
    latencyP50: api('Latency', 'p50', true),
    latencyP95: api('Latency', 'p95', true),
    latencyP99: api('Latency', 'p99', true),
    logBytes: bytes('LogGroupName'),
    accessLogBytes: bytes('AccessLogGroupName'),
  };
}

/** The measures of each tool. */
export const TOOL_MEASURES = { calls: ['Requests', 'Sum'], errors: ['Errors', 'Sum'], p95: ['Duration', 'p95'] } as const;
export type ToolMeasure = keyof typeof TOOL_MEASURES;

/** The id of a query of a server, for the chart or for the whole window. */
export function queryId(server: number, name: MeasureName | `tool_${ToolMeasure}`, whole = false): string {
  return `s${server}_${name}${whole ? '_whole' : ''}`;
}

/** The queries for one call of GetMetricData. */
export function queriesOf(servers: readonly DeployedServer[], { start, end, period }: TimeWindow): MetricDataQuery[] {
  return servers.flatMap((server, index) => {
    const measures = Object.entries(measuresOf(server)) as Array<[MeasureName, Measure | undefined]>;
    const namespace = server.outputs.get('MetricsNamespace');
    return [
      ...measures.flatMap(([name, measure]) => (measure ? [false, ...measure.whole ? [true] : []].map((whole) => ({
        Id: queryId(index, name, whole),
        MetricStat: {
          Metric: {
            Namespace: measure.namespace,
            MetricName: measure.name,
            Dimensions: Object.entries(measure.dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Stat: measure.stat,
          Period: whole ? end - start : period,
        },
      })) : [])),
      // The search returns a series for each tool.
      ...(namespace === undefined ? [] : Object.entries(TOOL_MEASURES).map(([name, [metric, stat]]) => ({
        Id: queryId(index, `tool_${name as ToolMeasure}`),
        Expression: `SEARCH('{"${namespace}","Tool"} MetricName="${metric}"', '${stat}', ${end - start})`,
        Label: "${PROP('Dim.Tool')}",
        Period: end - start,
      }))),
    ];
  });
}
