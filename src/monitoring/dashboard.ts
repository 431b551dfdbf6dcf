import { Duration, Token } from 'aws-cdk-lib';
import {
  Alarm, AlarmStatusWidget, Color, Dashboard, GraphWidget, GraphWidgetProps, HorizontalAnnotation, IMetric, IWidget, LogQueryWidget, Metric,
  PeriodOverride, SearchExpression, SingleValueWidget, Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { latencyThreshold } from './alarms';
import { McpMetric, errorRate, ownMetric, serverErrorRate } from './metrics';
import { McpAlarmOptions } from './monitoring-options';
import type { IMcpServer } from '../mcp-server';

const FULL_WIDTH = 24;
const HEIGHT = 6;
const SMALL_HEIGHT = 3;

/** The shortest period of metrics of Lambda and API Gateway. A dashboard over a longer time uses longer periods automatically. */
const PERIOD = Duration.minutes(1);

/** A widget whose width is set later: widgets in a row have equal widths. */
type Widget = (width: number) => IWidget;

/**
 * Content of a dashboard.
 *
 * @internal
 */
export interface DashboardContent {
  readonly server: IMcpServer;
  readonly name: string;
  readonly metricsNamespace: string;
  readonly alarms: Alarm[];
  readonly alarmOptions?: McpAlarmOptions;
  readonly hasReportMetrics: boolean;
}

/**
 * Create a dashboard that is read from top to bottom: alarms, traffic, latency, then details.
 *
 * @internal
 */
export function createDashboard(scope: Construct, content: DashboardContent): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: content.name,
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      content.alarms.length === 0 ? [] : [alarmStates(content)],
      [figures(content)],
      [traffic(content), errors(content)],
      [latency(content), duration(content)],
      content.hasReportMetrics ? [concurrency(content), coldStarts(content), memory(content)] : [concurrency(content)],
      mcp(content),
      logs(content),
    ].filter((row) => row.length > 0).map((row) => row.map((widget) => widget(FULL_WIDTH / row.length))),
  });
}

function alarmStates({ alarms }: DashboardContent): Widget {
  return (width) => new AlarmStatusWidget({ title: 'Alarms', alarms, width, height: SMALL_HEIGHT });
}

function graph(title: string, props: Partial<GraphWidgetProps>): Widget {
  const axis = { min: 0, showUnits: false };
  return (width) => new GraphWidget({ title, width, height: HEIGHT, leftYAxis: axis, rightYAxis: axis, ...props });
}

function figures({ server, metricsNamespace, hasReportMetrics }: DashboardContent): Widget {
  const sum = { statistic: Stats.SUM };
  return (width) => new SingleValueWidget({
    title: 'In the time shown',
    width,
    height: SMALL_HEIGHT,
    setPeriodToTimeRange: true,
    metrics: [
      server.metricRequests({ label: 'Requests' }),
      server.metricClientErrors({ ...sum, label: '4xx' }),
      server.metricServerErrors({ ...sum, label: '5xx', color: Color.RED }),
      server.metricErrors({ ...sum, label: 'Function errors', color: Color.RED }),
      server.metricThrottles({ ...sum, label: 'Throttles', color: Color.ORANGE }),
      server.metricDuration({ statistic: Stats.percentile(95), label: 'p95 duration' }),
      ...(hasReportMetrics ? [
        ownMetric(metricsNamespace, McpMetric.INIT_DURATION, { statistic: Stats.SAMPLE_COUNT, label: 'Cold starts' }),
      ] : []),
    ],
  });
}

function traffic({ server }: DashboardContent): Widget {
  return graph('Traffic', {
    left: [
      server.metricRequests({ label: 'Requests', period: PERIOD }),
      server.metricInvocations({ label: 'Invocations', period: PERIOD }),
    ],
  });
}

function errors({ server, alarmOptions }: DashboardContent): Widget {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return graph('Errors', {
    left: [
      server.metricClientErrors({ ...sum, label: '4xx', color: Color.GREY }),
      server.metricServerErrors({ ...sum, label: '5xx', color: Color.ORANGE }),
      server.metricErrors({ ...sum, label: 'Function errors', color: Color.RED }),
    ],
    right: [errorRate(server, PERIOD), serverErrorRate(server, PERIOD)],
    rightYAxis: { min: 0, max: 100, label: '%', showUnits: false },
    rightAnnotations: alarmOptions?.errorRate === undefined ? undefined : [threshold(alarmOptions.errorRate)],
  });
}

function latency({ server }: DashboardContent): Widget {
  return graph('Latency at the HTTP API (ms)', { left: percentiles((options) => server.metricLatency(options)) });
}

function duration({ server, alarmOptions }: DashboardContent): Widget {
  const { timeout } = server.function;
  const alarmLatency = alarmOptions && latencyThreshold(alarmOptions);
  return graph('Duration of the function (ms)', {
    left: percentiles((options) => server.metricDuration(options)),
    leftAnnotations: [
      ...(alarmLatency && !alarmLatency.isUnresolved() ? [threshold(alarmLatency.toMilliseconds())] : []),
      ...(timeout && !timeout.isUnresolved() ? [{ value: timeout.toMilliseconds(), label: 'timeout', color: Color.GREY }] : []),
    ],
  });
}

function percentiles(metric: (options: { statistic: string; label: string; period: Duration }) => Metric): IMetric[] {
  return [50, 95, 99].map((percent) => metric({ statistic: Stats.percentile(percent), label: `p${percent}`, period: PERIOD }));
}

function threshold(value: number): HorizontalAnnotation {
  return { value, label: 'alarm', color: Color.RED };
}

function concurrency({ server }: DashboardContent): Widget {
  return graph('Concurrency and throttles', {
    left: [server.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM, label: 'Concurrent executions', period: PERIOD })],
    right: [server.metricThrottles({ statistic: Stats.SUM, label: 'Throttles', color: Color.ORANGE, period: PERIOD })],
  });
}

function coldStarts({ metricsNamespace }: DashboardContent): Widget {
  const init = (statistic: string, label: string) => (
    ownMetric(metricsNamespace, McpMetric.INIT_DURATION, { statistic, label, period: PERIOD })
  );
  return graph('Cold starts', {
    left: [init(Stats.SAMPLE_COUNT, 'Cold starts')],
    right: [init(Stats.AVERAGE, 'Average (ms)'), init(Stats.MAXIMUM, 'Longest (ms)')],
  });
}

function memory({ server, metricsNamespace }: DashboardContent): Widget {
  const { memorySize } = server.function.node.defaultChild as CfnFunction;
  return graph('Memory (MB)', {
    left: [ownMetric(metricsNamespace, McpMetric.MAX_MEMORY_USED, { statistic: Stats.MAXIMUM, label: 'Used', period: PERIOD })],
    leftAnnotations: memorySize === undefined || Token.isUnresolved(memorySize) ? undefined : [
      { value: memorySize, label: 'limit', color: Color.GREY },
    ],
  });
}

/** Metrics that the server reports: a line per method and per tool. */
function mcp({ metricsNamespace }: DashboardContent): Widget[] {
  const each = (dimension: string, name: McpMetric, statistic: string) => [new SearchExpression({
    expression: `SEARCH('{"${metricsNamespace}","${dimension}"} MetricName="${name}"', '${statistic}', ${PERIOD.toSeconds()})`,
    label: '',
    period: PERIOD,
  })];
  return [
    graph('MCP methods', { left: each('Method', McpMetric.REQUESTS, Stats.SUM) }),
    graph('Tool calls', { left: each('Tool', McpMetric.REQUESTS, Stats.SUM) }),
    graph('p95 of tools (ms)', { left: each('Tool', McpMetric.DURATION, Stats.percentile(95)) }),
    graph('Errors of tools', { left: each('Tool', McpMetric.ERRORS, Stats.SUM) }),
  ];
}

function logs({ server }: DashboardContent): Widget[] {
  const query = (title: string, logGroup: ILogGroup, queryLines: string[]): Widget =>
    (width) => new LogQueryWidget({ title, width, height: HEIGHT, logGroupNames: [logGroup.logGroupName], queryLines });
  return [
    ...(server.accessLogGroup ? [query('Routes', server.accessLogGroup, [
      'stats count(*) as requests, pct(responseLatencyMs, 50) as p50, pct(responseLatencyMs, 95) as p95, '
      + 'max(responseLatencyMs) as longest by routeKey, status',
      'sort requests desc',
      'limit 50',
    ])] : []),
    query('Most frequent errors in the logs', server.logGroup, [
      'filter level = "ERROR" or record.status in ["error", "failure", "timeout"] '
      + 'or @message like "panicked at" or @message like "Task timed out"',
      'fields coalesce(message, record.errorType, record.status, @message) as error',
      'stats count(*) as times, latest(@timestamp) as last by error',
      'sort times desc',
      'limit 20',
    ]),
  ];
}
