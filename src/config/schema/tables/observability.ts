import * as z from 'zod';
import { allowed, bool, int, listOf, matching, number, table } from '../types';

/**
 * The retention times of CloudWatch Logs:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const observability = table({
  log_retention_days: z.literal(RETENTION_DAYS)
    .register(allowed, {
      text: 'a retention time of CloudWatch Logs: '
      + `${RETENTION_DAYS.join(', ')}`,
    }).default(30).meta({ description: 'Log retention in days.', examples: [30] }),
  enable_xray: bool().default(true).meta({
    description: 'If true, requests are traced with X-Ray.',
  }),
  create_dashboard: bool().default(true).meta({
    description: 'If true, the stack has a CloudWatch dashboard, and metrics of cold starts, memory, MCP methods and tools.',
    examples: [true],
  }),
  alarms: table({
    error_threshold: int(1, 1_000_000, 'errors').default(10).meta({
      description: 'Alarm threshold for errors in five minutes.',
      examples: [10],
    }),
    error_rate_percent: number(0.01, 100, 'percent').default(5).meta({
      description: 'Alarm threshold for failed invocations, and for responses with a 5xx status, in percent.',
      examples: [5],
    }),
    latency_threshold_ms: int(1, 900_000, 'milliseconds').default(5000).meta({
      description: 'Alarm threshold for the 95th percentile of the duration in milliseconds. An alarm is raised when it is exceeded for '
        + 'ten minutes.',
      examples: [5000],
    }),
    throttle_threshold: int(1, 1_000_000, 'invocations').default(1).meta({
      description: 'Alarm threshold for throttled invocations in five minutes.',
      examples: [1],
    }),
    emails: listOf(matching(/^[^\s@]+@[^\s@]+$/, 'an e-mail address'), 'e-mail addresses').default([]).meta({
      description: 'E-mail addresses that are notified when an alarm is raised or cleared.',
      examples: [['ops@example.com']],
    }),
    topic_arn: matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'the ARN of an SNS topic').optional().meta({
      description: 'ARN of the SNS topic that alarms are sent to. Without it, a topic is created if emails is set.',
      examples: ['arn:aws:sns:us-east-1:123456789012:alerts'],
    }),
  }).optional().meta({ description: 'CloudWatch alarms. Without this table, none are created.' }),
}).meta({ description: 'Logs, traces, dashboard and alarms.' });
