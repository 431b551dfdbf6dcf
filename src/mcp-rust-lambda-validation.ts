import { Token } from 'aws-cdk-lib';
import { checkSecrets } from './function/mcp-secrets';
import { checkConcurrency } from './function/mcp-versions';
import { McpRustLambdaProps } from './mcp-rust-lambda-props';
import { UserError } from './util/user-error';

/**
 * @throws UserError if a property is invalid or contradicts another
 * @internal
 */
export function checkProps(props: McpRustLambdaProps): void {
  checkPath(props.path);
  if (props.outputPrefix !== undefined && !/^[A-Za-z][A-Za-z0-9]*$/.test(props.outputPrefix)) {
    throw new UserError(`outputPrefix is ${JSON.stringify(props.outputPrefix)}: it must begin with a letter and have only letters and `
      + 'digits, such as "Search"');
  }
  if (props.outputs === false && props.outputPrefix !== undefined) {
    throw new UserError('outputPrefix has no effect, because outputs is false: remove one of the two');
  }
  if (props.logRetention !== undefined) {
    throw new UserError('logRetention would add a custom resource: set logGroupRetention instead, the retention of the log group itself');
  }
  checkSecrets(props.secrets ?? {}, props.environment ?? {});
  checkConcurrency(props.provisionedConcurrentExecutions, props.reservedConcurrentExecutions);
  if (props.currentVersionOptions !== undefined) {
    throw new UserError('currentVersionOptions cannot be set: versions are always retained and described by their asset; '
      + 'set provisionedConcurrentExecutions for warm instances');
  }
  if (props.httpApi) {
    const foreign = (['throttling', 'accessLogs', 'cors', 'domain'] as const).filter((name) => props[name] !== undefined);
    if (foreign.length > 0) {
      throw new UserError(`${foreign.join(', ')} cannot be combined with httpApi: configure the stage, CORS and domains of that HTTP API`);
    }
  }
  const setsLogGroups = props.logGroupRetention !== undefined || props.logGroupRemovalPolicy !== undefined;
  if (props.logGroup && props.accessLogs === false && setsLogGroups) {
    throw new UserError('logGroupRetention and logGroupRemovalPolicy have no effect: logGroup is given and accessLogs is false');
  }
}

function checkPath(path: string | undefined): void {
  if (path === undefined || Token.isUnresolved(path) || /^\/(?:[^\s?#{}\x00-\x1f\x7f]*[^\s?#{}/\x00-\x1f\x7f])?$/.test(path)) return;
  throw new UserError(`path is ${JSON.stringify(path)}: it must begin with "/" and must not end with "/" (except "/" alone), and must not `
    + 'have whitespace, control characters, "?", "#", "{" or "}", such as "/mcp"');
}
