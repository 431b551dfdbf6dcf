import { Duration } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * When an operator is to be told, and how. Each alarm looks at five minutes at a time; no traffic raises none.
 */
export interface McpAlarmOptions {
  /**
   * Percentage of invocations that crash or run out of time, from which on the alarm is raised. Fewer than three of them never do.
   *
   * @default 5
   */
  readonly errorRate?: number;

  /**
   * Number of invocations that crash or run out of time, from which on the alarm is raised, whatever the traffic.
   *
   * @default - no such alarm, `errorRate` only
   */
  readonly errorCount?: number;

  /**
   * 95th percentile of the function's duration from which on the alarm is raised, when it lasts ten minutes.
   *
   * @default Duration.seconds(5)
   */
  readonly latency?: Duration;

  /**
   * Number of invocations refused for want of concurrency, from which on the alarm is raised.
   *
   * @default 1
   */
  readonly throttles?: number;

  /**
   * Percentage of requests that the HTTP API answers with a 5xx status, from which on the alarm is raised. Fewer than three never do.
   *
   * @default 5
   */
  readonly serverErrorRate?: number;

  /**
   * Where raised and cleared alarms are sent to.
   *
   * @default - a topic of its own where there are `emails`, else nowhere
   */
  readonly topic?: ITopic;

  /**
   * Who gets a mail when an alarm is raised or cleared. Each address is asked to confirm first.
   *
   * @default - nobody
   */
  readonly emails?: string[];
}

/**
 * What is watched of a server: custom metrics, a dashboard and alarms.
 *
 * In addition to what Lambda and API Gateway measure, starts and memory are counted from the logs, and the function is told, in the
 * environment variable `MCP_METRICS_NAMESPACE`, where to report metrics of each MCP method and tool (in CloudWatch's embedded metric
 * format, as the scaffolded server does).
 */
export interface McpMonitoringOptions {
  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * The dashboard's name, in letters, digits, `-` and `_`. An account has one dashboard of a name, in whichever region.
   *
   * @default - a unique one of the construct's path and the region
   */
  readonly dashboardName?: string;

  /**
   * The alarms' thresholds and receivers. `{}` makes all alarms with the default thresholds.
   *
   * @default - no alarms
   */
  readonly alarms?: McpAlarmOptions;
}
