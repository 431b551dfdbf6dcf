import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, CreateAlarmOptions, IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { errorRate, serverErrorRate } from './metrics';
import { McpAlarmOptions } from './monitoring-options';
import type { McpRustLambda } from '../mcp-rust-lambda';

/** `cdk -c` with this key and `off` leaves out the alarms on rates: a local AWS has no metric math. */
const METRIC_MATH_CONTEXT = 'pmcp-deploy:metric-math';

const PERIOD = Duration.minutes(5);
const DEFAULT_PERCENT = 5;

/** The 95th percentile that raises the alarm where nothing else is said. */
const DEFAULT_LATENCY = Duration.seconds(5);

/**
 * Makes the alarms of a server. Their ids are part of their names.
 *
 * @internal
 */
export function createAlarms(scope: Construct, server: McpRustLambda, name: string, options: McpAlarmOptions, topic?: ITopic): Alarm[] {
  validateAlarms(options);
  const add = (id: string, metric: IMetric, threshold: number, what: string, more: Partial<CreateAlarmOptions> = {}) => {
    const alarm = new Alarm(scope, id, {
      alarmName: `${name}-${id}`,
      alarmDescription: `MCP server ${server.node.path}: ${what}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // No traffic is no trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...more,
    });
    if (topic) {
      const tell = new SnsAction(topic);
      alarm.addAlarmAction(tell);
      alarm.addOkAction(tell);
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
        // A percentile of a handful of calls is noise.
        evaluateLowSampleCountPercentile: 'ignore',
      }),
    add('Throttles', server.metricThrottles(sum), throttles, `${throttles} or more invocations were refused for want of concurrency`),
  ];
  if (hasMetricMath(scope)) {
    alarms.push(
      add('ErrorRate', errorRate(server, PERIOD), rate, `${rate} % or more of the invocations crash or run out of time`),
      add('ServerErrors', serverErrorRate(server, PERIOD), serverRate, `${serverRate} % or more of the requests are answered with a 5xx status`),
    );
  }
  if (options.errorCount !== undefined) {
    alarms.push(add('Errors', server.metricErrors(sum), options.errorCount, `${options.errorCount} or more invocations crash or run out of time`));
  }
  return alarms;
}

function hasMetricMath(scope: Construct): boolean {
  const value: unknown = scope.node.tryGetContext(METRIC_MATH_CONTEXT);
  if (value !== undefined && value !== 'off') {
    throw new Error(`context ${METRIC_MATH_CONTEXT} is ${JSON.stringify(value)}: it can only be off`);
  }
  return value === undefined;
}

/**
 * The 95th percentile of the duration that raises the alarm.
 *
 * @internal
 */
export function latencyThreshold(options: McpAlarmOptions): Duration {
  return options.latency ?? DEFAULT_LATENCY;
}

/**
 * Where alarms are sent to: the given topic, or a new one where somebody wants mails.
 *
 * @internal
 */
export function alarmTopic(scope: Construct, name: string, options: McpAlarmOptions): ITopic | undefined {
  const emails = options.emails ?? [];
  const topic = options.topic ?? (emails.length === 0 ? undefined : newTopic(scope, name));
  // Another server may have subscribed the same person to the same topic.
  emails.filter((email) => topic && !topic.node.tryFindChild(email)).forEach((email) => topic?.addSubscription(new EmailSubscription(email)));
  return topic;
}

function newTopic(scope: Construct, name: string): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: `MCP server ${name}`.slice(0, 100), enforceSSL: true });
  // A topic with a policy has lost the default one, by which alarms of the same account may publish.
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
    check(`alarms.${name}`, options[name], (value) => Number.isInteger(value) && value >= 1, 'a whole number from 1 on');
  }
  if (options.latency && !options.latency.isUnresolved()) {
    check('alarms.latency', options.latency.toMilliseconds(), (value) => value >= 1, 'at least 1 ms');
  }
  for (const email of options.emails ?? []) {
    if (!Token.isUnresolved(email) && !/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new Error(`alarms.emails has ${JSON.stringify(email)}, which is no mail address: give one such as "ops@example.com"`);
    }
  }
}

function check(name: string, value: number | undefined, isValid: (value: number) => boolean, wanted: string): void {
  if (value !== undefined && !Token.isUnresolved(value) && !isValid(value)) {
    throw new Error(`${name} is ${value}: it must be ${wanted}`);
  }
}
