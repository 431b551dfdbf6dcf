import { Aws, Fn, Names } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Name of the log group of an API's access logs. It contains a part of the stack's id, so that a stack that is created again does not
 * collide with a retained log group.
 *
 * A resource policy of the account, of at most 5,120 characters, allows log delivery. CloudWatch Logs does not extend it for groups whose
 * names begin with `/aws/vendedlogs/`: https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 *
 * @internal
 */
export function accessLogGroupName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 256, separator: '-', allowedSpecialCharacters: '-_' });
  // The id of a stack ends with "/<name>/<UUID>".
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/apis/${name}-${Fn.select(0, Fn.split('-', uuid))}`;
}
