import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { OutputName } from '../../private/outputs';
import type { DeployedServer } from '../stack/deployed-servers';

const MINUTE = 60;
const DAY = 86_400;

/** A time span, and the parts that a chart of it has. */
export interface TimeWindow {
  /** Seconds since 1970, a multiple of the period. */
  readonly start: number;
  readonly end: number;

  /** Seconds of a part of the chart. */
  readonly period: number;
}

const CHART_PARTS = 40;

/** CloudWatch keeps minutes for 15 days, five minutes for 63 days, and hours for 455 days. */
const KEPT: ReadonlyArray<readonly [days: number, period: number]> = [[15, MINUTE], [63, 5 * MINUTE], [455, 60 * MINUTE]];
export const LONGEST_SECONDS = 455 * DAY;

/**
 * A search finds metrics that had data in the last two weeks only, and so does ListMetrics; the values of others are there, but their names
 * have to be known: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export const SEARCHED_SECONDS = 14 * DAY;

/** The window of a span (in milliseconds) that ends now, in parts that CloudWatch has data of. */
export function timeWindow(spanMs: number, nowMs: number): TimeWindow {
  const span = Math.ceil(spanMs / 1000);
  const finest = KEPT.find(([days]) => span <= days * DAY)?.[1] ?? KEPT[KEPT.length - 1][1];
  const period = Math.max(1, Math.ceil(span / CHART_PARTS / finest)) * finest;
  // The part that is not over yet is shown too.
  const end = Math.ceil(nowMs / 1000 / period) * period;
  return { start: end - Math.ceil(span / period) * period, end, period };
}

/** What is asked of a server's metrics: each as a chart, some for the whole window as well. */
interface Measure {
  readonly namespace: string;
  readonly name: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;

  /** Percentiles of parts do not add up to that of the whole. */
  readonly whole?: boolean;
}

/** Names of the measures, as the JSON output has them. */
export type MeasureName =
  'invocations' | 'errors' | 'throttles' | 'durationP50' | 'durationP95' | 'durationP99' | 'durationSum' | 'concurrency'
  | 'coldStarts' | 'initAverage' | 'initMaximum' | 'memoryMaximum' | 'requests' | 'clientErrors' | 'serverErrors' | 'latencyP50' | 'latencyP95'
  | 'latencyP99' | 'logBytes' | 'accessLogBytes';

/** What there is to know of a server; without an HTTP API or a namespace, as after an older deployment, less. */
export function measuresOf({ outputs }: DeployedServer): Partial<Record<MeasureName, Measure>> {
  const lambda = (name: string, stat: string, whole = false): Measure => (
    { namespace: 'AWS/Lambda', name, stat, whole, dimensions: { FunctionName: outputs.get('FunctionName') ?? '' } }
  );
  // Deployments of before there was an output for the id have it in the address only.
  const apiId = outputs.get('ApiId') ?? /\/\/([a-z0-9]+)\.execute-api\.|\/execute-api\/([a-z0-9]+)/.exec(outputs.get('ApiUrl') ?? '')?.slice(1).find((id) => id !== undefined);
  const api = (name: string, stat: string, whole = false): Measure | undefined => (
    apiId === undefined ? undefined : { namespace: 'AWS/ApiGateway', name, stat, whole, dimensions: { ApiId: apiId } }
  );
  const namespace = outputs.get('MetricsNamespace');
  const own = (name: string, stat: string): Measure | undefined => (namespace === undefined ? undefined : { namespace, name, stat, dimensions: {} });
  const bytes = (output: OutputName): Measure | undefined => {
    const LogGroupName = outputs.get(output);
    return LogGroupName === undefined ? undefined : { namespace: 'AWS/Logs', name: 'IncomingBytes', stat: 'Sum', dimensions: { LogGroupName } };
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

/** What is asked of each tool. */
export const TOOL_MEASURES = { calls: ['Requests', 'Sum'], errors: ['Errors', 'Sum'], p95: ['Duration', 'p95'] } as const;
export type ToolMeasure = keyof typeof TOOL_MEASURES;

/** The id of a query: of a server, for the chart or for the whole window. */
export function queryId(server: number, name: MeasureName | `tool_${ToolMeasure}`, whole = false): string {
  return `s${server}_${name}${whole ? '_whole' : ''}`;
}

/** The queries of one call of GetMetricData. */
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
      // A search finds whichever tools there are, and answers with a series for each.
      ...(namespace === undefined ? [] : Object.entries(TOOL_MEASURES).map(([name, [metric, stat]]) => ({
        Id: queryId(index, `tool_${name as ToolMeasure}`),
        Expression: `SEARCH('{"${namespace}","Tool"} MetricName="${metric}"', '${stat}', ${end - start})`,
        Label: "${PROP('Dim.Tool')}",
        Period: end - start,
      }))),
    ];
  });
}
