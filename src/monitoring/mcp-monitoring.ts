import { Names, Stack, Token } from 'aws-cdk-lib';
import { Alarm, Dashboard, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmTopic, createAlarms } from './alarms';
import { consoleHost } from './console';
import { createDashboard } from './dashboard';
import { McpMetric, addReportMetrics, ownMetric } from './metrics';
import { McpMonitoringOptions } from './monitoring-options';
import type { IMcpServer } from '../mcp-server';
import { OutputName } from '../private/outputs';
import { OutputValue } from '../private/stack-outputs';
import { UserError } from '../util/user-error';

/** Environment variable with the namespace for the server's metrics. A server that finds it reports them. */
const NAMESPACE_VARIABLE = 'MCP_METRICS_NAMESPACE';

/**
 * Properties of `McpMonitoring`.
 */
export interface McpMonitoringProps extends McpMonitoringOptions {
  /** The server to monitor. */
  readonly server: IMcpServer;

  /**
   * Format of the function's logs. Metrics of cold starts and memory need JSON.
   *
   * @default LoggingFormat.JSON
   */
  readonly loggingFormat?: LoggingFormat;
}

/**
 * Custom metrics, dashboard and alarms of a server.
 *
 * `McpRustLambda` creates one if its property `monitoring` is set.
 */
export class McpMonitoring extends Construct {
  /** The CloudWatch namespace of the server's custom metrics, unique in the account and region. */
  public readonly metricsNamespace: string;

  /** The dashboard, unless `dashboard` is false. */
  public readonly dashboard?: Dashboard;

  /** The URL of the dashboard, unless `dashboard` is false. */
  public readonly dashboardUrl?: string;

  /** The alarms. Use their `addAlarmAction` for more than a notification. */
  public readonly alarms: Alarm[];

  /** The topic that alarms notify: the given one, or a new one if there are e-mail addresses. */
  public readonly topic?: ITopic;

  /**
   * @throws UserError if a threshold, an e-mail address or the dashboard's name is invalid
   */
  constructor(scope: Construct, id: string, props: McpMonitoringProps) {
    super(scope, id);
    const { server } = props;
    const name = Names.uniqueResourceName(server, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-_' });
    this.metricsNamespace = `MCP/${name}`;
    server.function.addEnvironment(NAMESPACE_VARIABLE, this.metricsNamespace);
    addReportMetrics(this, server.logGroup, this.metricsNamespace, props.loggingFormat);

    const alarmOptions = props.alarms?._options;
    this.topic = alarmOptions && alarmTopic(this, name, alarmOptions);
    this.alarms = alarmOptions ? createAlarms(this, server, name, alarmOptions, this.topic) : [];
    if (props.dashboard ?? true) {
      const { region } = Stack.of(this);
      this.dashboard = createDashboard(this, {
        server,
        name: dashboardName(props.dashboardName) ?? `${name}-${region}`,
        metricsNamespace: this.metricsNamespace,
        alarms: this.alarms,
        alarmOptions,
        hasReportMetrics: props.loggingFormat !== LoggingFormat.TEXT,
      });
      const console = `https://${consoleHost(this)}/cloudwatch/home?region=${region}`;
      this.dashboardUrl = `${console}#dashboards/dashboard/${this.dashboard.dashboardName}`;
    }
  }

  /**
   * The number of cold starts of the function.
   *
   * @default - sample count over 5 minutes
   */
  public metricColdStarts(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.INIT_DURATION, { statistic: Stats.SAMPLE_COUNT, ...options });
  }

  /**
   * The duration of cold starts, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  public metricInitDuration(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.INIT_DURATION, { statistic: Stats.AVERAGE, ...options });
  }

  /**
   * The memory that invocations used, in MB.
   *
   * @default - maximum over 5 minutes
   */
  public metricMaxMemoryUsed(options?: MetricOptions): Metric {
    return ownMetric(this.metricsNamespace, McpMetric.MAX_MEMORY_USED, { statistic: Stats.MAXIMUM, ...options });
  }

  /**
   * Outputs for the stack.
   *
   * @internal
   */
  public _outputs(): OutputValue[] {
    const namespace = {
      name: OutputName.METRICS_NAMESPACE, value: this.metricsNamespace, description: "CloudWatch namespace of the server's own metrics",
    };
    const { dashboardUrl } = this;
    return dashboardUrl === undefined ? [namespace] : [
      namespace, { name: OutputName.DASHBOARD_URL, value: dashboardUrl, description: 'CloudWatch dashboard of the server' },
    ];
  }
}

function dashboardName(name?: string): string | undefined {
  if (name !== undefined && !Token.isUnresolved(name) && !/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw new UserError(`dashboardName is ${JSON.stringify(name)}: it must have 1 to 255 letters, digits, "-" and "_", `
      + 'such as "weather-prod"');
  }
  return name;
}
