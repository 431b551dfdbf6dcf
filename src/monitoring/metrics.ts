import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IMcpServer } from '../mcp-server';

/**
 * Names of metrics in a server's own namespace.
 *
 * @internal
 */
export enum McpMetric {
  /** Duration of each cold start, in milliseconds. Its sample count is the number of cold starts. Source: the logs. */
  INIT_DURATION = 'InitDuration',

  /** Maximum memory used by each invocation, in MB. Source: the logs. */
  MAX_MEMORY_USED = 'MaxMemoryUsed',

  /** Calls, by `Method` or `Tool`. Source: the server. */
  REQUESTS = 'Requests',

  /** Calls that were answered with an error, by `Method` or `Tool`. Source: the server. */
  ERRORS = 'Errors',

  /** Duration of each call, in milliseconds, by `Method` or `Tool`. Source: the server. */
  DURATION = 'Duration',
}

/** Minimum number of failures before a rate is meaningful. */
const MIN_FAILURES = 3;

/**
 * Derive metrics from Lambda's report of each invocation. Lambda publishes no metrics of cold starts and memory.
 *
 * @internal
 */
export function addReportMetrics(scope: Construct, logGroup: ILogGroup, namespace: string, format?: LoggingFormat): void {
  // A report in plain text cannot be distinguished safely from the server's own output.
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
 * A metric in a server's own namespace.
 *
 * @internal
 */
export function ownMetric(namespace: string, metricName: McpMetric, options?: MetricOptions): Metric {
  return new Metric({ namespace, metricName, ...options });
}

/**
 * The percentage of invocations that failed, or 0 if fewer than three did.
 *
 * @internal
 */
export function errorRate(server: IMcpServer, period?: Duration): IMetric {
  const sum = { statistic: Stats.SUM, period };
  return new MathExpression({
    label: 'Error rate',
    expression: percentage('errors', 'invocations'),
    usingMetrics: { errors: server.metricErrors(sum), invocations: server.metricInvocations(sum) },
    period,
  });
}

/**
 * The percentage of requests that the HTTP API answered with a 5xx status, or 0 if fewer than three were.
 *
 * @internal
 */
export function serverErrorRate(server: IMcpServer, period?: Duration): IMetric {
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
