import * as z from 'zod';
import { allowed, bool, int, listOf, matching, number, table } from '../types';

/** The retention times that CloudWatch Logs knows. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const observability = table({
  log_retention_days: z.literal(RETENTION_DAYS).register(allowed, { text: `one of the numbers of days that CloudWatch knows: ${RETENTION_DAYS.join(', ')}` })
    .default(30).meta({ description: 'Days that logs are kept.', examples: [30] }),
  enable_xray: bool().default(true).meta({
    description: 'Traces requests with X-Ray.',
  }),
  create_dashboard: bool().default(true).meta({
    description: 'Makes a CloudWatch dashboard, and metrics of cold starts, memory, MCP methods and tools.',
    examples: [true],
  }),
  alarms: table({
    error_threshold: int(1, 1_000_000, 'errors').default(10).meta({
      description: 'Errors in five minutes that raise an alarm.',
      examples: [10],
    }),
    error_rate_percent: number(0.01, 100, 'percent').default(5).meta({
      description: 'Percentage of failed invocations, and of answers with a 5xx status, that raises an alarm.',
      examples: [5],
    }),
    latency_threshold_ms: int(1, 900_000, 'milliseconds').default(5000).meta({
      description: '95th percentile of the duration, in milliseconds, that raises an alarm when it lasts ten minutes.',
      examples: [5000],
    }),
    throttle_threshold: int(1, 1_000_000, 'invocations').default(1).meta({
      description: 'Invocations refused in five minutes, for want of concurrency, that raise an alarm.',
      examples: [1],
    }),
    emails: listOf(matching(/^[^\s@]+@[^\s@]+$/, 'a mail address'), 'mail addresses').default([]).meta({
      description: 'Who gets a mail when an alarm is raised or cleared.',
      examples: [['ops@example.com']],
    }),
    topic_arn: matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'the ARN of an SNS topic').optional().meta({
      description: 'SNS topic that alarms are sent to; without one, a topic is made where there are emails.',
      examples: ['arn:aws:sns:us-east-1:123456789012:alerts'],
    }),
  }).optional().meta({ description: 'CloudWatch alarms. Without this table there are none.' }),
}).meta({ description: 'Logs, traces, dashboard and alarms.' });
