import { MINIMAL } from './deploy-toml';
import { synthesize } from './synth';

function alarms(toml: string): Record<string, any> {
  const found = Object.values(synthesize(toml).template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  return Object.fromEntries(found.map((alarm) => [alarm.AlarmName.split('-').pop(), alarm]));
}

test('there is a dashboard unless create_dashboard is false', () => {
  synthesize().template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  const { template } = synthesize(`${MINIMAL}[observability]\ncreate_dashboard = false\n`);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  template.resourceCountIs('AWS::Logs::MetricFilter', 0);
});

test('there are alarms where there is a table for them, with or without a dashboard', () => {
  expect(alarms(MINIMAL)).toEqual({});
  const found = alarms(`${MINIMAL}[observability]\ncreate_dashboard = false\n[observability.alarms]\n`);
  expect(Object.fromEntries(Object.entries(found).map(([name, { Threshold }]) => [name, Threshold]))).toEqual({
    ErrorRate: 5, Errors: 10, Latency: 5000, ServerErrors: 5, Throttles: 1,
  });
});

test('thresholds and receivers are those of the file', () => {
  const toml = `${MINIMAL}[observability.alarms]\nerror_threshold = 3\nerror_rate_percent = 1.5\nlatency_threshold_ms = 900\nthrottle_threshold = 7
topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"\nemails = ["ops@example.com"]\n`;
  const found = alarms(toml);
  expect(Object.fromEntries(Object.entries(found).map(([name, { Threshold }]) => [name, Threshold]))).toEqual({
    ErrorRate: 1.5, Errors: 3, Latency: 900, ServerErrors: 1.5, Throttles: 7,
  });
  expect(found.Latency.AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:alerts']);
  synthesize(toml).template.hasResourceProperties('AWS::SNS::Subscription', {
    Endpoint: 'ops@example.com', Protocol: 'email', TopicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
  });
});

test('the servers of a stack may tell the same people by the same topic', () => {
  const { template } = synthesize(`${MINIMAL}[observability.alarms]\ntopic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"\nemails = ["ops@example.com"]
[[servers]]\nname = "weather"\nbuild.binary = "weather"\n[[servers]]\nname = "maps"\nbuild.binary = "maps"\n`);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 10);
  template.resourceCountIs('AWS::SNS::Subscription', 1);
});

test.each([
  ['error_rate_percent = 0', 'observability.alarms.error_rate_percent must be a number from 0.01 to 100 (percent); received 0'],
  ['emails = ["ops"]', 'observability.alarms.emails[0] must be an e-mail address; received "ops"'],
  ['topic_arn = "alerts"', 'observability.alarms.topic_arn must be the ARN of an SNS topic; received "alerts"'],
])('refuses %s', (line, message) => {
  expect(() => synthesize(`${MINIMAL}[observability.alarms]\n${line}\n`)).toThrow(message);
});
