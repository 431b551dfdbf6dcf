import { type ISecurityGroup, type ISubnet, type IVpc, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { reference } from './imported';
import type { Deployment } from '../load/deploy-file';

/** Properties of the function from `[vpc]`. The VPC, subnets and groups are imported, once per scope. */
export function network(scope: Construct, { vpc }: Deployment): Pick<FunctionOptions,
'vpc' | 'vpcSubnets' | 'securityGroups' | 'ipv6AllowedForDualStack' | 'allowAllIpv6Outbound'> {
  if (!vpc) return {};
  // The subnets are imported by id, so the zones are not used; but the CDK refuses an empty list.
  const attributes = { vpcId: vpc.id, availabilityZones: ['unknown'] };
  return {
    vpc: reference<IVpc>(scope, vpc.id, (id) => Vpc.fromVpcAttributes(scope, id, attributes)),
    vpcSubnets: {
      subnets: vpc.subnet_ids.map((subnet) => reference<ISubnet>(scope, subnet, (id) => Subnet.fromSubnetId(scope, id, subnet))),
    },
    securityGroups: vpc.security_group_ids?.map((group) => (
      reference<ISecurityGroup>(scope, group, (id) => SecurityGroup.fromSecurityGroupId(scope, id, group, { mutable: false }))
    )),
    ...(vpc.ipv6 ? { ipv6AllowedForDualStack: true, ...(vpc.security_group_ids ? {} : { allowAllIpv6Outbound: true }) } : {}),
  };
}
