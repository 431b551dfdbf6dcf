import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, CreateAlarmOptions, IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { errorRate, serverErrorRate } from './metrics';
import { McpAlarmOptions } from './monitoring-options';
import type { IMcpServer } from '../mcp-server';
import { contextChoice, ContextKey } from '../private/context';
import { UserError } from '../util/user-error';

const PERIOD = Duration.minutes(5);
const DEFAULT_PERCENT = 5;

/** Default threshold of the 95th percentile. */
const DEFAULT_LATENCY = Duration.seconds(5);

/**
 * Create the alarms of a server. Their ids are part of their names.
 *
 * @internal
 */
export function createAlarms(scope: Construct, server: IMcpServer, name: string, options: McpAlarmOptions, topic?: ITopic): Alarm[] {
  validateAlarms(options);
  const add = (id: string, metric: IMetric, threshold: number, what: string, more: Partial<CreateAlarmOptions> = {}) => {
    const alarm = new Alarm(scope, id, {
      alarmName: `${name}-${id}`,
      alarmDescription: `MCP server ${server.node.path}: ${what}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Without traffic there is no data, which is not an error.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...more,
    });
    if (topic) {
      const notification = new SnsAction(topic);
      alarm.addAlarmAction(notification);
      alarm.addOkAction(notification);
    }
    return alarm;
  };

  const rate = options.errorRate ?? DEFAULT_PERCENT;
  const latency = latencyThreshold(options).toMilliseconds();
  const throttles = options.throttles ?? 1;
  const serverRate = options.serverErrorRate ?? DEFAULT_PERCENT;
  const sum = { statistic: Stats.SUM, period: PERIOD };
  const alarms = [
    add('Latency', server.metricDuration({ statistic: Stats.percentile(95), period: PERIOD }), latency,
      `5 % of the invocations take ${latency} ms or longer`, {
        evaluationPeriods: 2,
        // A percentile of a few calls is noise.
        evaluateLowSampleCountPercentile: 'ignore',
      }),
    add('Throttles', server.metricThrottles(sum), throttles, `${throttles} or more invocations were throttled`),
  ];
  if (hasMetricMath(scope)) {
    alarms.push(
      add('ErrorRate', errorRate(server, PERIOD), rate, `${rate} % or more of the invocations crash or run out of time`),
      add('ServerErrors', serverErrorRate(server, PERIOD), serverRate,
        `${serverRate} % or more of the requests are answered with a 5xx status`),
    );
  }
  if (options.errorCount !== undefined) {
    alarms.push(add('Errors', server.metricErrors(sum), options.errorCount,
      `${options.errorCount} or more invocations crash or run out of time`));
  }
  return alarms;
}

function hasMetricMath(scope: Construct): boolean {
  return contextChoice(scope, ContextKey.METRIC_MATH, ['off']) === undefined;
}

/**
 * Threshold of the alarm on the 95th percentile of the duration.
 *
 * @internal
 */
export function latencyThreshold(options: McpAlarmOptions): Duration {
  return options.latency ?? DEFAULT_LATENCY;
}

/**
 * The topic that alarms notify: the given one, or a new one if there are e-mail addresses.
 *
 * @internal
 */
export function alarmTopic(scope: Construct, name: string, options: McpAlarmOptions): ITopic | undefined {
  const emails = options.emails ?? [];
  const topic = options.topic ?? (emails.length === 0 ? undefined : newTopic(scope, name));
  for (const email of emails) {
    // Another server may have subscribed the same address to the same topic.
    if (topic && !topic.node.tryFindChild(email)) topic.addSubscription(new EmailSubscription(email));
  }
  return topic;
}

function newTopic(scope: Construct, name: string): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: `MCP server ${name}`.slice(0, 100), enforceSSL: true });
  // A custom policy replaces the default policy, which allows alarms of the account to publish.
  topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  }));
  return topic;
}

function validateAlarms(options: McpAlarmOptions): void {
  for (const name of ['errorRate', 'serverErrorRate'] as const) {
    check(`alarms.${name}`, options[name], (value) => value > 0 && value <= 100, 'a percentage above 0, up to 100');
  }
  for (const name of ['errorCount', 'throttles'] as const) {
    check(`alarms.${name}`, options[name], (value) => Number.isInteger(value) && value >= 1, 'a positive integer');
  }
  if (options.latency && !options.latency.isUnresolved()) {
    check('alarms.latency', options.latency.toMilliseconds(), (value) => value >= 1, 'at least 1 ms');
  }
  for (const email of options.emails ?? []) {
    if (!Token.isUnresolved(email) && !/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new UserError(`alarms.emails has ${JSON.stringify(email)}, which is not an e-mail address: use one such as "ops@example.com"`);
    }
  }
}

function check(name: string, value: number | undefined, isValid: (value: number) => boolean, wanted: string): void {
  if (value !== undefined && !Token.isUnresolved(value) && !isValid(value)) {
    throw new UserError(`${name} is ${value}: it must be ${wanted}`);
  }
}
