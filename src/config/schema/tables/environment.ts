import { mapOf, matching, text } from '../types';

/** Names that Lambda sets itself and does not let users set. */
export const RESERVED_ENVIRONMENT = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

/** All of a function's environment, names and values together, in bytes. */
const MAX_ENVIRONMENT_BYTES = 4096;

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
