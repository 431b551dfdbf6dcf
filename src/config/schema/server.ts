import { bool, int, listOf, mapOf, matching, oneOf, table, text } from './types';

/** Names that Lambda sets itself and does not let users set. */
export const RESERVED_ENVIRONMENT = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

/** All of a function's environment, names and values together, in bytes. */
const MAX_ENVIRONMENT_BYTES = 4096;

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

const variableName = matching(/^[A-Za-z][A-Za-z0-9_]+$/, 'a letter followed by one or more letters, digits or underscores')
  .refine((name) => !RESERVED_ENVIRONMENT.has(name), 'is set by Lambda itself; choose another name');

export const environment = mapOf(variableName, text('a string').min(0), 'strings')
  .refine(
    (variables) => Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0)
      <= MAX_ENVIRONMENT_BYTES,
    `has more than the ${MAX_ENVIRONMENT_BYTES} bytes, names and values together, that Lambda takes`,
  )
  .meta({
    description: 'Environment variables of the server. Not for secrets: they would be readable in the console; declare those in [secrets].',
    examples: [{ RUST_LOG: 'info' }],
  });

export const vpc = table({
  id: matching(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, like "vpc-0123456789abcdef0"').meta({
    description: 'VPC that the function runs in. The server then has no way to the internet, unless the subnets have one (a NAT gateway).',
    examples: ['vpc-0123456789abcdef0'],
  }),
  subnet_ids: listOf(matching(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, like "subnet-0123456789abcdef0"'), 'subnet ids').min(1).meta({
    description: 'Private subnets for the function, best in two availability zones.',
    examples: [['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210']],
  }),
  security_group_ids: listOf(matching(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group, like "sg-0123456789abcdef0"'), 'security group ids')
    .min(1).max(5).optional().meta({
      description: 'Security groups of the function. Without it, one is made that lets everything out and nothing in.',
      examples: [['sg-0123456789abcdef0']],
    }),
  ipv6: bool().default(false).meta({
    description: 'Lets the function use IPv6 in dual-stack subnets.',
  }),
}).meta({ description: 'Runs the function in a VPC, for databases and the like that are reachable only there.' });
