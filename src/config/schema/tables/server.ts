import { DEFAULT_MEMORY_MB, DEFAULT_PATH, DEFAULT_TIMEOUT_SECONDS, GATEWAY_TIMEOUT_SECONDS } from '../../../private/defaults';
import { int, matching, oneOf, table, text } from '../types';

export const serverName = matching(
  /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
  'a name that starts with a letter and has only letters, digits, hyphens and underscores (at most 100)',
);

const pathSegment = "[A-Za-z0-9\\-._~$&'()+,;=:@%]+";
const mcpPath = matching(
  new RegExp(`^/(?:${pathSegment}(?:/${pathSegment})*)?$`),
  'a path that starts with "/", does not end with one, and has no "?", "#", braces, whitespace or control characters',
).refine((path) => !/^\/\.well-known(\/|$)/.test(path), 'must not be below /.well-known, which is reserved for OAuth discovery');

/** The keys of `[server]`, and of each `[[servers]]`. */
export const serverKeys = {
  memory_mb: int(128, 10240, 'MB').default(DEFAULT_MEMORY_MB).meta({
    description: 'Memory of the function in MB, 128 to 10240. CPU grows with it: 1769 MB equal one vCPU.',
    examples: [DEFAULT_MEMORY_MB],
  }),
  timeout_seconds: int(1, 900, 'seconds').default(DEFAULT_TIMEOUT_SECONDS).meta({
    description: `Timeout of a request in seconds, 1 to 900. API Gateway stops waiting after ${GATEWAY_TIMEOUT_SECONDS} seconds, so more `
      + 'than '
      + `${DEFAULT_TIMEOUT_SECONDS} is useless behind it.`,
    examples: [DEFAULT_TIMEOUT_SECONDS],
  }),
  ephemeral_storage_mb: int(512, 10240, 'MB').optional().meta({
    description: 'Size of /tmp in MB, 512 to 10240. Lambda\'s default is 512.',
    examples: [1024],
  }),
  reserved_concurrency: int(0, 100_000).optional().meta({
    description: 'Maximum number of concurrent requests, reserved from the account\'s limit. 0 stops the server. Without it, the '
      + 'account\'s limit '
      + 'applies.',
    examples: [10],
  }),
  provisioned_concurrency: int(1, 100_000).optional().meta({
    description: 'Number of instances that are always warm. They cost money while idle.',
    examples: [2],
  }),
  mcp_path: mcpPath.default(DEFAULT_PATH).meta({
    description: 'Path of the MCP endpoint.',
    examples: [DEFAULT_PATH],
  }),
  architecture: oneOf(['arm64', 'x86_64']).default('arm64').meta({
    description: 'Processor of the function: "arm64" (Graviton, cheaper) or "x86_64".',
    examples: ['arm64'],
  }),
  log_level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'off']).optional().meta({
    description: 'Log level of the server. Sets RUST_LOG, unless [environment] sets it. Lambda keeps the lines that RUST_LOG asks for, '
      + 'and always '
      + 'those from "info" up.',
    examples: ['info'],
  }),
  description: text('a text of 1 to 256 characters', 256).optional().meta({
    description: 'Description of the Lambda function.',
    examples: ['Weather for MCP clients'],
  }),
};

export const server = table({
  name: serverName.meta({
    description: 'Name of the server, and of its CloudFormation stack (underscores become hyphens). A new name makes a new stack.',
    examples: ['hello'],
  }),
  ...serverKeys,
}).meta({ description: 'The server and its Lambda function.' });
