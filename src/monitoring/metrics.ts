import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { McpRustLambda } from '../mcp-rust-lambda';

/**
 * Names of metrics in a server's own namespace.
 *
 * @internal
 */
export enum McpMetric {
  /** Time of each cold start, in milliseconds: as many values as cold starts. From the logs. */
  INIT_DURATION = 'InitDuration',

  /** Memory in use at the end of each invocation, in MB. From the logs. */
  MAX_MEMORY_USED = 'MaxMemoryUsed',

  /** Calls, by `Method` or `Tool`. From the server. */
  REQUESTS = 'Requests',

  /** Calls with an error for an answer, by `Method` or `Tool`. From the server. */
  ERRORS = 'Errors',

  /** Time of each call, in milliseconds, by `Method` or `Tool`. From the server. */
  DURATION = 'Duration',
}

/** Below so many failures, a percentage says more about how quiet it was. */
const MIN_FAILURES = 3;

/**
 * Turns what Lambda reports of each invocation into metrics: it publishes neither cold starts nor memory itself.
 *
 * @internal
 */
export function addReportMetrics(scope: Construct, logGroup: ILogGroup, namespace: string, format?: LoggingFormat): void {
  // A report in plain text can't be told apart safely from what a server prints.
  if (format === LoggingFormat.TEXT) return;
  const isReport = FilterPattern.stringValue('$.type', '=', 'platform.report');
  const initDuration = '$.record.metrics.initDurationMs';
  new MetricFilter(scope, 'InitDuration', {
    logGroup,
    metricNamespace: namespace,
    metricName: McpMetric.INIT_DURATION,
    filterPattern: FilterPattern.all(isReport, FilterPattern.numberValue(initDuration, '>', 0)),
    metricValue: initDuration,
  });
  new MetricFilter(scope, 'MaxMemoryUsed', {
    logGroup,
    metricNamespace: namespace,
    metricName: McpMetric.MAX_MEMORY_USED,
    filterPattern: isReport,
    metricValue: '$.record.metrics.maxMemoryUsedMB',
  });
}

/**
 * A metric of a server's own namespace.
 *
 * @internal
 */
export function ownMetric(namespace: string, metricName: McpMetric, options?: MetricOptions): Metric {
  return new Metric({ namespace, metricName, ...options });
}

/**
 * The percentage of invocations that failed, or 0 where fewer than three did.
 *
 * @internal
 */
export function errorRate(server: McpRustLambda, period?: Duration): IMetric {
  const sum = { statistic: Stats.SUM, period };
  return new MathExpression({
    label: 'Error rate',
    expression: percentage('errors', 'invocations'),
    usingMetrics: { errors: server.metricErrors(sum), invocations: server.metricInvocations(sum) },
    period,
  });
}

/**
 * The percentage of requests that the HTTP API answered with a 5xx status, or 0 where fewer than three were.
 *
 * @internal
 */
export function serverErrorRate(server: McpRustLambda, period?: Duration): IMetric {
  return new MathExpression({
    label: '5xx rate',
    expression: percentage('serverErrors', 'requests'),
    usingMetrics: {
      serverErrors: server.metricServerErrors({ statistic: Stats.SUM, period }),
      requests: server.metricRequests({ statistic: Stats.SAMPLE_COUNT, period }),
    },
    period,
  });
}

function percentage(part: string, whole: string): string {
  return `IF(${part} >= ${MIN_FAILURES}, 100 * ${part} / MAX([${part}, ${whole}]), 0)`;
}
