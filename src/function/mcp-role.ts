import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../private/nag';

/** Actions of a function in a VPC. EC2 has no resource-level permissions for most of them. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];

/**
 * Create a role that may write to its own log group and, in a VPC, manage network interfaces.
 *
 * The managed policy for Lambda would also allow it to create log groups, so that a late invocation could recreate a deleted one.
 *
 * @internal
 */
export function createRole(scope: Construct, logGroup: ILogGroup, options: FunctionOptions): Role {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Runs the MCP server ${scope.node.path}`,
  });
  role.addToPolicy(new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  }));
  if (options.vpc) {
    role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
  }
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray, and EC2 for network interfaces, have no resource-level permissions.');
  return role;
}
