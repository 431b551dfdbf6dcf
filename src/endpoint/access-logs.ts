import { Aws, Fn, Names } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The name of the log group of an API's access logs, which belongs to one stack, of one lifetime: a stack that is made again does not meet
 * the group that was kept of the one before.
 *
 * Log delivery is allowed by a policy of the account that has room for 5,120 characters. It is not extended for groups whose names begin
 * with `/aws/vendedlogs/`: https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 *
 * @internal
 */
export function accessLogGroupName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 256, separator: '-', allowedSpecialCharacters: '-_' });
  // The id of a stack ends with "/<name>/<UUID>".
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/apis/${name}-${Fn.select(0, Fn.split('-', uuid))}`;
}
