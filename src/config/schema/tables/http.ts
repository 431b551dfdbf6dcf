import { DEFAULT_CORS_MAX_AGE_SECONDS } from '../../../private/defaults';
import { bool, int, listOf, matching, number, table } from '../types';

export const apiGateway = table({
  rate_limit: number(1, 100_000, 'requests per second').optional().meta({
    description: 'Maximum average number of requests per second. Requests above it get status 429.',
    examples: [100],
  }),
  burst_limit: int(1, 100_000, 'requests').optional().meta({
    description: 'Maximum number of requests at once.',
    examples: [200],
  }),
}).meta({ description: 'Throttling in API Gateway.' });

const header = matching(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'the name of an HTTP header');

export const cors = table({
  allow_origins: listOf(
    matching(
      /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9.\-:\[\]]+$/,
      'an origin, like "https://app.example.com": a scheme, a host and optionally a port, without wildcards',
    ),
    'origins',
  ).min(1).meta({
    description: 'Origins whose pages can call the server from a browser.',
    examples: [['https://app.example.com']],
  }),
  allow_headers: listOf(header, 'header names').optional().meta({
    description: 'Allowed request headers, in addition to those of MCP and Authorization. For example Mcp-Param-... headers, in which '
      + 'clients repeat '
      + 'parameters.',
    examples: [['x-request-id']],
  }),
  expose_headers: listOf(header, 'header names').optional().meta({
    description: 'Response headers that pages can read, in addition to those of MCP.',
    examples: [['x-request-id']],
  }),
  allow_credentials: bool().default(false).meta({
    description: 'If true, browsers send cookies.',
  }),
  max_age_seconds: int(0, DEFAULT_CORS_MAX_AGE_SECONDS, 'seconds').default(DEFAULT_CORS_MAX_AGE_SECONDS).meta({
    description: 'Seconds for which browsers cache the response to a preflight request.',
    examples: [DEFAULT_CORS_MAX_AGE_SECONDS],
  }),
}).meta({ description: 'Browser access from other origins. Without this table, browsers refuse it.' });
