import { CfnOutput, Names, Stack, Token } from 'aws-cdk-lib';
import { Alarm, Dashboard, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmTopic, createAlarms } from './alarms';
import { consoleHost } from './console';
import { createDashboard } from './dashboard';
import { McpMetric, addReportMetrics, ownMetric } from './metrics';
import { McpMonitoringOptions } from './monitoring-options';
import type { McpRustLambda } from '../mcp-rust-lambda';

/** The environment variable that tells a server to report its metrics, and where. */
const NAMESPACE_VARIABLE = 'MCP_METRICS_NAMESPACE';

/**
 * Properties of `McpMonitoring`.
 */
export interface McpMonitoringProps extends McpMonitoringOptions {
  /** The server to watch. */
  readonly server: McpRustLambda;

  /**
   * The format of the function's logs. Starts and memory are counted from JSON logs only.
   *
   * @default LoggingFormat.JSON
   */
  readonly loggingFormat?: LoggingFormat;
}

/**
 * A server's custom metrics, dashboard and alarms.
 *
 * `McpRustLambda` makes one where its property `monitoring` is set.
 */
export class McpMonitoring extends Construct {
  /** The namespace of the server's own metrics, unique in the account and region. */
  public readonly metricsNamespace: string;

  /** The dashboard, where there is one. */
  public readonly dashboard?: Dashboard;

  /** The URL of the dashboard, where there is one. */
  public readonly dashboardUrl?: string;

  /** The alarms. To let them do more than send a message, use their `addAlarmAction`. */
  public readonly alarms: Alarm[];

  /** Where the alarms are sent to: the given topic, or a new one where there are mail addresses. */
  public readonly topic?: ITopic;

  /**
   * @throws when a threshold, a mail address or the dashboard's name is none
   */
  constructor(scope: Construct, id: string, props: McpMonitoringProps) {
    super(scope, id);
    const { server } = props;
    const name = Names.uniqueResourceName(server, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-_' });
    this.metricsNamespace = `MCP/${name}`;
    server.addEnvironment(NAMESPACE_VARIABLE, this.metricsNamespace);
    addReportMetrics(this, server.logGroup, this.metricsNamespace, props.loggingFormat);

    this.topic = props.alarms && alarmTopic(this, name, props.alarms);
    this.alarms = props.alarms ? createAlarms(this, server, name, props.alarms, this.topic) : [];
    if (props.dashboard ?? true) {
      const { region } = Stack.of(this);
      this.dashboard = createDashboard(this, {
        server,
        name: dashboardName(props.dashboardName) ?? `${name}-${region}`,
        metricsNamespace: this.metricsNamespace,
        alarms: this.alarms,
        alarmOptions: props.alarms,
        hasReportMetrics: props.loggingFormat !== LoggingFormat.TEXT,
      });
      this.dashboardUrl = `https://${consoleHost(this)}/cloudwatch/home?region=${region}#dashboards/dashboard/${this.dashboard.dashboardName}`;
    }
  }

  /** How often an instance of the function was started. @default - number over 5 minutes */
  public metricColdStarts(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.INIT_DURATION, { statistic: Stats.SAMPLE_COUNT, ...options });
  }

  /** How long the starts of instances took, in milliseconds. @default - average over 5 minutes */
  public metricInitDuration(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.INIT_DURATION, { statistic: Stats.AVERAGE, ...options });
  }

  /** How much memory invocations used, in MB. @default - maximum over 5 minutes */
  public metricMaxMemoryUsed(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.MAX_MEMORY_USED, { statistic: Stats.MAXIMUM, ...options });
  }

  /**
   * Adds the stack's outputs: the dashboard's URL and the namespace of the metrics.
   *
   * @internal
   */
  public _addOutputs(prefix: string): void {
    const output = (name: string, value: string, description: string) => {
      new CfnOutput(this, name, { value, description }).overrideLogicalId(prefix + name);
    };
    output('MetricsNamespace', this.metricsNamespace, "CloudWatch namespace of the server's own metrics");
    if (this.dashboardUrl) output('DashboardUrl', this.dashboardUrl, 'CloudWatch dashboard of the server');
  }
}

function dashboardName(name?: string): string | undefined {
  if (name !== undefined && !Token.isUnresolved(name) && !/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw new Error(`dashboardName is ${JSON.stringify(name)}: it must have 1 to 255 letters, digits, "-" and "_" only, such as "weather-prod"`);
  }
  return name;
}
