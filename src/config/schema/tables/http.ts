import { bool, int, listOf, matching, number, table } from '../types';

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
