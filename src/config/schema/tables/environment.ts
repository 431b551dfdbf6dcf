import { VARIABLE_NAME } from '../../../function/variable-names';
import { mapOf, matching, text } from '../types';

/** Names that Lambda reserves: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED_NAMES = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

/** Lambda's limit for all variables of a function, names and values together. */
const MAX_BYTES = 4096;

/** The name of a variable that users can set. */
export function variableName(pattern: RegExp, words: string) {
  return matching(pattern, words).refine((name) => !RESERVED_NAMES.has(name), 'is reserved by Lambda; choose another name');
}

export const environment = mapOf(
  variableName(VARIABLE_NAME, 'a letter followed by one or more letters, digits or underscores'), text('a string').min(0), 'strings',
)
  .refine(
    (variables) => Object.entries(variables).map(([name, value]) => Buffer.byteLength(name + value)).reduce((sum, size) => sum + size, 0)
      <= MAX_BYTES,
    `must have at most ${MAX_BYTES} bytes, names and values together: this is Lambda's limit`,
  )
  .meta({
    description: 'Environment variables of the server. Do not put secrets here: anyone who can read the function\'s configuration could '
      + 'read them. '
      + 'Declare them in [secrets].',
    examples: [{ RUST_LOG: 'info' }],
  });
