import { int, matching, oneOf, table, text } from '../types';

export const serverName = matching(
  /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
  'a name that starts with a letter and has letters, digits, hyphens and underscores only (at most 100)',
);

const pathSegment = "[A-Za-z0-9\\-._~$&'()+,;=:@%]+";
const mcpPath = matching(
  new RegExp(`^/(?:${pathSegment}(?:/${pathSegment})*)?$`),
  'a path that starts with "/", does not end with one, and has no "?", "#", braces, whitespace or control characters',
).refine((path) => !/^\/\.well-known(\/|$)/.test(path), 'must not be below /.well-known, which belongs to OAuth discovery');

/** The keys of `[server]`, and of each `[[servers]]`. */
export const serverKeys = {
  memory_mb: int(128, 10240, 'MB').default(512).meta({
    description: 'Memory of the function in MB, 128 to 10240. CPU grows with it: 1769 MB are one full core.',
    examples: [512],
  }),
  timeout_seconds: int(1, 900, 'seconds').default(29).meta({
    description: 'Seconds until Lambda stops a request, 1 to 900. The API gateway gives up after 30, so that more than 29 is of no use behind it.',
    examples: [29],
  }),
  ephemeral_storage_mb: int(512, 10240, 'MB').optional().meta({
    description: 'Size of /tmp in MB, 512 to 10240. Lambda gives 512 when this is not set.',
    examples: [1024],
  }),
  reserved_concurrency: int(0, 100_000).optional().meta({
    description: 'How many requests may run at once, taken from the account\'s limit. 0 stops the server. Without it, the account\'s limit holds.',
    examples: [10],
  }),
  provisioned_concurrency: int(1, 100_000).optional().meta({
    description: 'How many instances are kept warm at all times (this costs money while idle).',
    examples: [2],
  }),
  mcp_path: mcpPath.default('/mcp').meta({
    description: 'Path of the MCP endpoint.',
    examples: ['/mcp'],
  }),
  architecture: oneOf(['arm64', 'x86_64']).default('arm64').meta({
    description: 'Processor of the function: "arm64" (Graviton, cheaper) or "x86_64".',
    examples: ['arm64'],
  }),
  log_level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'off']).optional().meta({
    description: 'What the server logs: sets RUST_LOG, unless [environment] has it. Lambda lets pass what RUST_LOG asks for, and "info" at least.',
    examples: ['info'],
  }),
  description: text('a text of 1 to 256 characters', 256).optional().meta({
    description: 'Description of the Lambda function.',
    examples: ['Weather for MCP clients'],
  }),
};

export const server = table({
  name: serverName.meta({
    description: 'Name of the server; the CloudFormation stack has it too (underscores become hyphens). A new name is a new stack.',
    examples: ['hello'],
  }),
  ...serverKeys,
}).meta({ description: 'The server and the size of its function.' });
