import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { McpAlarmConfig, McpAuth, McpMonitoringConfig, McpMonitoringOptions, McpRustLambda, McpRustLambdaProps } from '../../src';
import { Widget, dashboardBody } from '../support/dashboard-body';
import { prebuilt, synthesize } from '../support/prebuilt';

function monitored(monitoring: McpMonitoringOptions, props: Partial<McpRustLambdaProps> = {}) {
  return synthesize({ ...props, monitoring: McpMonitoringConfig.enabled(monitoring) });
}

/** The body as CloudWatch gets it. */
function bodyOf(template: Template): { widgets: Widget[] } {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(text(dashboard.Properties.DashboardBody));
}

/** A value with stand-ins for what is known at the deployment only. */
function text(value: any): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map(text).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt']) return `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${value['Fn::GetAtt'][0]}`;
  // No condition on a partition is met in us-east-1.
  if (value['Fn::If']) return text(value['Fn::If'][2]);
  if (value.Ref === 'AWS::Region') return 'us-east-1';
  if (value.Ref) return value.Ref;
  throw new Error(`what is ${JSON.stringify(value)}?`);
}

function alarms(template: Template): Record<string, any> {
  const found = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  return Object.fromEntries(found.map((alarm) => [alarm.AlarmName.split('-').pop(), alarm]));
}

describe('monitoring', () => {
  test('is off unless asked for', () => {
    const { template, server } = synthesize();
    for (const type of ['AWS::CloudWatch::Dashboard', 'AWS::CloudWatch::Alarm', 'AWS::Logs::MetricFilter', 'AWS::SNS::Topic']) template.resourceCountIs(type, 0);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { MCP_METRICS_NAMESPACE: Match.absent() } } });
    expect(server.monitoring).toBeUndefined();
  });

  test('tells the function and the outputs where its metrics are', () => {
    const { template, server, stack } = monitored({});
    const namespace = server.monitoring!.metricsNamespace;
    expect(namespace).toMatch(/^MCP\/Stack-Server-[0-9A-F]{8}$/);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { MCP_METRICS_NAMESPACE: namespace } } });
    template.hasOutput('ServerMetricsNamespace', { Value: namespace });
    expect(text(stack.resolve(server.monitoring!.dashboardUrl))).toMatch(
      /^https:\/\/console\.aws\.amazon\.com\/cloudwatch\/home\?region=us-east-1#dashboards\/dashboard\/ServerMonitoringDashboard/);
  });

  test.each([
    ['eu-west-1', 'console.aws.amazon.com'], ['cn-north-1', 'console.amazonaws.cn'], ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ])('aws (d): the dashboard of %s is at %s', (region, host) => {
    const stack = new Stack(new App(), 'Stack', { env: { region } });
    const { monitoring } = new McpRustLambda(stack, 'Server', { code: prebuilt(), auth: McpAuth.none(), monitoring: McpMonitoringConfig.enabled({ dashboardName: 'mine' }) });
    expect(stack.resolve(monitoring!.dashboardUrl)).toEqual({
      'Fn::Join': ['', [`https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/`, { Ref: expect.any(String) }]],
    });
  });

  test('aws (d): of a stack for any region, CloudFormation knows the partition', () => {
    const { template } = monitored({});
    const conditions = Object.entries(template.toJSON().Conditions as Record<string, unknown>);
    const named = (partition: string) => conditions.find(([, condition]) => JSON.stringify(condition).includes(`"${partition}"`))![0];
    expect(conditions.map(([, condition]) => condition)).toEqual(['aws-cn', 'aws-us-gov'].map((partition) => ({ 'Fn::Equals': [{ Ref: 'AWS::Partition' }, partition] })));
    const host = {
      'Fn::If': [named('aws-us-gov'), 'console.amazonaws-us-gov.com', { 'Fn::If': [named('aws-cn'), 'console.amazonaws.cn', 'console.aws.amazon.com'] }],
    };
    template.hasOutput('ServerDashboardUrl', { Value: { 'Fn::Join': ['', Match.arrayWith(['https://', host])] } });
  });

  test('counts cold starts and memory from the reports of Lambda', () => {
    const { template, server } = monitored({ dashboard: false });
    const metricNamespace = server.monitoring!.metricsNamespace;
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.type = "platform.report") && ($.record.metrics.initDurationMs > 0) }',
      MetricTransformations: [{ MetricName: 'InitDuration', MetricNamespace: metricNamespace, MetricValue: '$.record.metrics.initDurationMs' }],
    });
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.type = "platform.report" }',
      MetricTransformations: [{ MetricName: 'MaxMemoryUsed', MetricNamespace: metricNamespace, MetricValue: '$.record.metrics.maxMemoryUsedMB' }],
    });
    expect(server.monitoring!.metricColdStarts()).toMatchObject({ namespace: metricNamespace, metricName: 'InitDuration', statistic: 'SampleCount' });
    expect(server.monitoring!.metricInitDuration()).toMatchObject({ namespace: metricNamespace, metricName: 'InitDuration', statistic: 'Average' });
    expect(server.monitoring!.metricMaxMemoryUsed()).toMatchObject({ namespace: metricNamespace, metricName: 'MaxMemoryUsed', statistic: 'Maximum' });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });

  test('has neither in plain text logs', () => {
    const { template } = monitored({}, { loggingFormat: LoggingFormat.TEXT });
    template.resourceCountIs('AWS::Logs::MetricFilter', 0);
    expect(bodyOf(template).widgets.map(({ properties }) => properties.title)).not.toContain('Cold starts');
  });

  test('keeps the servers of a stack apart', () => {
    const stack = new Stack(new App(), 'Stack');
    const servers = ['A', 'B'].map((id) => new McpRustLambda(stack, id, { code: prebuilt(), monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled() }) }));
    expect(new Set(servers.map(({ monitoring }) => monitoring!.metricsNamespace)).size).toBe(2);
    const names = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmName);
    expect(new Set(names).size).toBe(8);
  });
});

describe('the dashboard', () => {
  test.each([
    ['alone', {}, {}],
    ['with alarms', { alarms: McpAlarmConfig.enabled({ errorRate: 10, emails: ['ops@example.com'] }) }, {}],
    ['without access logs', {}, { accessLogs: false }],
    ['of plain text logs', { alarms: McpAlarmConfig.enabled() }, { loggingFormat: LoggingFormat.TEXT }],
  ] as const)('has a body that CloudWatch takes: %s', (_, monitoring, props) => {
    const body = bodyOf(monitored(monitoring as McpMonitoringOptions, props).template);
    expect(dashboardBody.safeParse(body).error?.issues ?? []).toEqual([]);
  });

  test('shows what an operator asks', () => {
    const { template } = monitored({ alarms: McpAlarmConfig.enabled() });
    const { widgets } = bodyOf(template);
    expect(widgets.map(({ type, properties }) => `${type}: ${properties.title}`)).toEqual([
      'alarm: Alarms',
      'metric: In the time shown',
      'metric: Traffic', 'metric: Errors',
      'metric: Latency at the HTTP API (ms)', 'metric: Duration of the function (ms)',
      'metric: Concurrency and throttles', 'metric: Cold starts', 'metric: Memory (MB)',
      'metric: MCP methods', 'metric: Tool calls', 'metric: p95 of tools (ms)', 'metric: Errors of tools',
      'log: Routes', 'log: Most frequent errors in the logs',
    ]);
    const [states] = widgets;
    expect(states.type === 'alarm' && states.properties.alarms).toHaveLength(4);
  });

  test('finds the tools that the server reports', () => {
    const { template, server } = monitored({});
    const tools = bodyOf(template).widgets.find(({ properties }) => properties.title === 'Tool calls');
    expect(tools).toMatchObject({
      properties: { metrics: [[{ expression: `SEARCH('{"${server.monitoring!.metricsNamespace}","Tool"} MetricName="Requests"', 'Sum', 60)`, period: 60 }]] },
    });
  });

  test('asks the log groups of this server', () => {
    const { template } = monitored({});
    const queries = bodyOf(template).widgets.flatMap((widget) => (widget.type === 'log' ? [widget.properties.query] : []));
    expect(queries[0]).toMatch(/^SOURCE 'ServerAccessLogGroup\w+' \| stats count\(\*\) as requests.* by routeKey, status\n\| sort requests desc/);
    expect(queries[1]).toMatch(/^SOURCE 'ServerLogGroup\w+' \| filter level = "ERROR"/);
  });

  test('is named by the path and the region, since an account has one name space for all regions', () => {
    const { template } = monitored({});
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^Stack-Server-[0-9A-F]{8}-$'), { Ref: 'AWS::Region' }]] },
    });
    monitored({ dashboardName: 'mine' }).template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'mine' });
  });
});

describe('the alarms', () => {
  test('have sensible thresholds, and stay quiet without traffic', () => {
    const { template, server } = monitored({ dashboard: false, alarms: McpAlarmConfig.enabled() });
    const found = alarms(template);
    expect(Object.keys(found).sort()).toEqual(['ErrorRate', 'Latency', 'ServerErrors', 'Throttles']);
    expect(found.ErrorRate).toMatchObject({ Threshold: 5, EvaluationPeriods: 1 });
    expect(found.Latency).toMatchObject({
      MetricName: 'Duration', ExtendedStatistic: 'p95', Threshold: 5000, EvaluationPeriods: 2, EvaluateLowSampleCountPercentile: 'ignore',
    });
    expect(found.Throttles).toMatchObject({ MetricName: 'Throttles', Statistic: 'Sum', Threshold: 1, Period: 300 });
    expect(found.ServerErrors).toMatchObject({ Threshold: 5 });
    for (const alarm of Object.values(found)) {
      expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
      expect(alarm.AlarmActions).toBeUndefined();
    }
    expect(server.monitoring!.topic).toBeUndefined();
    expect(server.monitoring!.alarms).toHaveLength(4);
  });

  test('reckon rates from failures and all, of the function and of the API', () => {
    const { ErrorRate, ServerErrors } = alarms(monitored({ alarms: McpAlarmConfig.enabled() }).template);
    const stats = (alarm: any) => alarm.Metrics.filter((metric: any) => metric.MetricStat).map(({ Id, MetricStat }: any) =>
      [Id, MetricStat.Metric.Namespace, MetricStat.Metric.MetricName, MetricStat.Stat, MetricStat.Period]);
    expect(ErrorRate.Metrics[0]).toMatchObject({ Expression: 'IF(errors >= 3, 100 * errors / MAX([errors, invocations]), 0)', ReturnData: true });
    expect(stats(ErrorRate)).toEqual([['errors', 'AWS/Lambda', 'Errors', 'Sum', 300], ['invocations', 'AWS/Lambda', 'Invocations', 'Sum', 300]]);
    expect(ServerErrors.Metrics[0]).toMatchObject({ Expression: 'IF(serverErrors >= 3, 100 * serverErrors / MAX([serverErrors, requests]), 0)' });
    expect(stats(ServerErrors)).toEqual([['serverErrors', 'AWS/ApiGateway', '5xx', 'Sum', 300], ['requests', 'AWS/ApiGateway', 'Count', 'SampleCount', 300]]);
  });

  test('take other thresholds', () => {
    const options = { errorRate: 1.5, errorCount: 10, latency: Duration.millis(800), throttles: 3, serverErrorRate: 2 };
    const found = alarms(monitored({ alarms: McpAlarmConfig.enabled(options) }).template);
    expect(Object.fromEntries(Object.entries(found).map(([name, { Threshold }]) => [name, Threshold]))).toEqual({
      ErrorRate: 1.5, Errors: 10, Latency: 800, Throttles: 3, ServerErrors: 2,
    });
  });

  test('on rates can be left out, for a local AWS that can reckon none', () => {
    const context = { 'pmcp-deploy:metric-math': 'off' };
    expect(Object.keys(alarms(synthesize({ monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled() }) }, context).template))).toEqual(['Latency', 'Throttles']);
    expect(() => synthesize({ monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled() }) }, { 'pmcp-deploy:metric-math': 'on' })).toThrow(
      'context pmcp-deploy:metric-math is "on": it must be off');
  });

  test('send mails by a topic that CloudWatch may publish to', () => {
    const { template } = monitored({ alarms: McpAlarmConfig.enabled({ emails: ['ops@example.com', 'dev@example.com'] }) });
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 'sns:Publish',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        })]),
      },
    });
    const topic = [{ Ref: expect.stringMatching(/^ServerMonitoringTopic/) }];
    for (const alarm of Object.values(alarms(template))) expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });

  test('send to a topic that is there', () => {
    const { template, server } = synthesize((stack) => ({ monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled({ topic: new Topic(stack, 'Given'), emails: ['ops@example.com'] }) }) }));
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    expect(alarms(template).Latency.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Given/) }]);
    expect(server.monitoring!.topic).toBeDefined();
  });
});

describe('refuses', () => {
  test.each<[string, McpMonitoringOptions]>([
    ['alarms.errorRate is 0: it must be a percentage above 0, up to 100', { alarms: McpAlarmConfig.enabled({ errorRate: 0 }) }],
    ['alarms.serverErrorRate is 101: it must be a percentage above 0, up to 100', { alarms: McpAlarmConfig.enabled({ serverErrorRate: 101 }) }],
    ['alarms.errorCount is 0.5: it must be a positive integer', { alarms: McpAlarmConfig.enabled({ errorCount: 0.5 }) }],
    ['alarms.throttles is 0: it must be a positive integer', { alarms: McpAlarmConfig.enabled({ throttles: 0 }) }],
    ['alarms.latency is 0: it must be at least 1 ms', { alarms: McpAlarmConfig.enabled({ latency: Duration.millis(0) }) }],
    ['alarms.emails has "ops", which is not an e-mail address: use one such as "ops@example.com"', { alarms: McpAlarmConfig.enabled({ emails: ['ops'] }) }],
    ['dashboardName is "my board": it must have 1 to 255 letters, digits, "-" and "_"', { dashboardName: 'my board' }],
  ])('%s', (message, monitoring) => {
    expect(() => monitored(monitoring)).toThrow(message);
  });
});
