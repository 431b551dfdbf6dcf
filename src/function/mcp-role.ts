import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../private/nag';

/** What a function in a VPC does to its network interfaces; EC2 knows no resource-level permissions for most of these. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];

/**
 * Makes a role that may write to its own log group, and, in a VPC, may manage network interfaces.
 *
 * The managed policy for Lambda would also let it create log groups: a late invocation could bring a deleted one back.
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
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray, and EC2 for network interfaces, know no resource-level permissions.');
  return role;
}
