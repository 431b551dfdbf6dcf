import * as z from 'zod';
import { tagValue } from './aws';
import { RESERVED_ENVIRONMENT } from './server';
import { allowed, bool, int, listOf, mapOf, matching, number, oneOf, table, text } from './types';

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

export const apiGateway = table({
  rate_limit: number(1, 100_000, 'requests per second').optional().meta({
    description: 'Requests per second that the gateway lets through on average; more get a 429.',
    examples: [100],
  }),
  burst_limit: int(1, 100_000, 'requests').optional().meta({
    description: 'Requests that the gateway lets through at once.',
    examples: [200],
  }),
}).meta({ description: 'Throttling at the API gateway.' });

const header = matching(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'the name of an HTTP header');

export const cors = table({
  allow_origins: listOf(
    matching(/^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9.\-:\[\]]+$/, 'an origin, like "https://app.example.com": scheme, host and perhaps port, and no wildcard'), 'origins',
  ).min(1).meta({
    description: 'Origins whose pages may call the server from a browser.',
    examples: [['https://app.example.com']],
  }),
  allow_headers: listOf(header, 'header names').optional().meta({
    description: 'Request headers beside those of MCP and Authorization, such as an Mcp-Param-... header for each parameter that clients repeat in one.',
    examples: [['x-request-id']],
  }),
  expose_headers: listOf(header, 'header names').optional().meta({
    description: 'Response headers beside those of MCP that pages may read.',
    examples: [['x-request-id']],
  }),
  allow_credentials: bool().default(false).meta({
    description: 'Lets browsers send cookies.',
  }),
  max_age_seconds: int(0, 86_400, 'seconds').default(86_400).meta({
    description: 'Seconds that browsers keep the answer to a preflight.',
    examples: [86400],
  }),
}).meta({ description: 'Browser access from other origins. Without this table there is none.' });

const secretName = matching(/^[A-Za-z][A-Za-z0-9_]{1,127}$/, 'the name of an environment variable: a letter followed by letters, digits and underscores')
  .refine((name) => !RESERVED_ENVIRONMENT.has(name), 'is set by Lambda itself; choose another name');

export const secrets = mapOf(secretName, table({
  description: text().optional().meta({ description: 'What it is for.', examples: ['Key of the weather service'] }),
  required: bool().default(true).meta({ description: 'Whether the server does not work without it.' }),
  delivery: oneOf(['environment', 'arn']).default('environment').meta({
    description: 'How the server gets it: "environment" puts the value into the environment variable of that name at deployment; "arn" puts its ARN into '
      + '<name>_SECRET_ARN, and the server reads it when it needs it, as the sample server does (src/secrets.rs).',
    examples: ['environment'],
  }),
  kms_key_arn: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 'the ARN of a KMS key').optional().meta({
    description: 'KMS key that encrypts it. Without it, Secrets Manager\'s own.',
    examples: ['arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000'],
  }),
  obtain: text().optional().meta({ description: 'Where to get one: a URL or a sentence.', examples: ['https://example.com/account/keys'] }),
}), 'tables, one for each secret').meta({
  description: 'Secrets that the server needs, declared by name; their values are never in this file.',
  examples: [{ WEATHER_API_KEY: { description: 'Key of the weather service', required: true, obtain: 'https://example.com/account/keys' } }],
});

export const postDeployTests = table({
  enabled: bool().default(true).meta({ description: 'Tests the endpoint after each deployment.' }),
  checks: listOf(oneOf(['connectivity', 'conformance', 'apps']), 'checks').default(['connectivity', 'conformance', 'apps']).meta({
    description: 'What is tested: connectivity always, since the others need it.',
    examples: [['connectivity', 'conformance', 'apps']],
  }),
  apps_mode: text().optional().meta({ description: 'How MCP apps are tested, for mcp-tester.', examples: ['standard'] }),
  on_failure: oneOf(['fail', 'warn', 'rollback']).default('fail').meta({
    description: 'What a failed test does: "fail", "warn", or "rollback" to the version before.',
    examples: ['fail'],
  }),
  timeout_seconds: int(1, 3600, 'seconds').default(60).meta({ description: 'Seconds that the tests may take.', examples: [60] }),
  warmup_grace_ms: int(0, 600_000, 'milliseconds').default(2000).meta({ description: 'Milliseconds to wait before the first test.', examples: [2000] }),
}).meta({ description: 'Tests after each deployment.' });

export const deployment = table({
  strategy: oneOf([
    'all-at-once', 'canary10percent5minutes', 'canary10percent10minutes', 'canary10percent15minutes', 'canary10percent30minutes',
    'linear10percentevery1minute', 'linear10percentevery2minutes', 'linear10percentevery3minutes', 'linear10percentevery10minutes',
  ]).default('all-at-once').meta({
    description: 'How traffic moves to a new version.',
    examples: ['canary10percent5minutes'],
  }),
  keep_versions: int(1, 100, 'versions').default(10).meta({
    description: 'How many old versions are kept for a rollback.',
    examples: [10],
  }),
}).meta({ description: 'How a new version goes live.' });

export const composition = table({
  tier: tagValue.optional().meta({ description: 'Place in a family of servers. On AWS: the tag pmcp:tier.', examples: ['foundation'] }),
  allow_composition: bool().optional().meta({ description: 'Whether other servers may build on this one. On AWS: the tag pmcp:allow-composition.', examples: [true] }),
  internal_only: bool().optional().meta({
    description: 'Whether only other servers should use it. On AWS: the tag pmcp:internal-only; it closes nothing, [auth] does.',
    examples: [false],
  }),
  description: text('a text of 1 to 1024 characters', 1024).optional().meta({ description: 'What the server offers to others. On AWS: the description of the stack.', examples: ['Weather data'] }),
}).meta({ description: 'How this server relates to others.' });

export const metadata = table({
  server_type: tagValue.optional().meta({ description: 'Kind of a prebuilt server. On AWS: the tag pmcp:server-type.', examples: ['openapi'] }),
  snapshot_baked: bool().optional().meta({ description: 'Whether a prebuilt server has its data in the binary. On AWS: the tag pmcp:snapshot-baked.', examples: [false] }),
}).meta({ description: 'Facts about prebuilt servers.' });

export const scopes = mapOf(matching(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'an OAuth scope'), text('a text of 1 to 256 characters', 256), 'descriptions');
