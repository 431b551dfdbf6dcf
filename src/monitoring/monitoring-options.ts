import { Duration } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * Thresholds and receivers of alarms. Each alarm evaluates periods of five minutes. Missing data is not breaching.
 */
export interface McpAlarmOptions {
  /**
   * Alarm when at least this percentage of invocations crash or time out. Needs three or more failures.
   *
   * @default 5
   */
  readonly errorRate?: number;

  /**
   * Alarm when at least this number of invocations crash or time out, regardless of traffic.
   *
   * @default - no such alarm, only the one on `errorRate`
   */
  readonly errorCount?: number;

  /**
   * Alarm when the 95th percentile of the function's duration is at least this long, for ten minutes.
   *
   * @default Duration.seconds(5)
   */
  readonly latency?: Duration;

  /**
   * Alarm when at least this number of invocations are throttled.
   *
   * @default 1
   */
  readonly throttles?: number;

  /**
   * Alarm when the HTTP API answers at least this percentage of requests with a 5xx status. Needs three or more such requests.
   *
   * @default 5
   */
  readonly serverErrorRate?: number;

  /**
   * Topic that is notified when an alarm changes to ALARM or to OK.
   *
   * @default - a new topic if there are `emails`, else no notification
   */
  readonly topic?: ITopic;

  /**
   * E-mail addresses to subscribe to the topic. Each address must confirm its subscription.
   *
   * @default - none
   */
  readonly emails?: string[];
}

/**
 * Alarms of a server.
 */
export class McpAlarmConfig {
  /** Create the alarms. */
  public static enabled(options: McpAlarmOptions = {}): McpAlarmConfig {
    return new McpAlarmConfig(options);
  }

  /**
   * @internal
   */
  public readonly _options: McpAlarmOptions;

  private constructor(options: McpAlarmOptions) {
    this._options = options;
  }
}

/**
 * Options of a server's monitoring.
 */
export interface McpMonitoringOptions {
  /**
   * Create a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Name of the dashboard: letters, digits, `-` and `_`. It is unique in the account, over all regions.
   *
   * @default - a unique name, from the construct's path and the region
   */
  readonly dashboardName?: string;

  /**
   * Alarms of the server.
   *
   * @default - no alarms
   */
  readonly alarms?: McpAlarmConfig;
}

/**
 * Custom metrics, a dashboard and alarms of a server.
 *
 * They add to the metrics of Lambda and API Gateway. Cold starts and memory are derived from the logs. The environment variable
 * `MCP_METRICS_NAMESPACE` tells the server the namespace for metrics of each MCP method and tool, which it reports in CloudWatch's embedded
 * metric format, as the scaffolded server does.
 */
export class McpMonitoringConfig {
  /** Create the metrics, and by default a dashboard. */
  public static enabled(options: McpMonitoringOptions = {}): McpMonitoringConfig {
    return new McpMonitoringConfig(options);
  }

  /**
   * @internal
   */
  public readonly _options: McpMonitoringOptions;

  private constructor(options: McpMonitoringOptions) {
    this._options = options;
  }
}
