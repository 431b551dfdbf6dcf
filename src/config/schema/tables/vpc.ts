import { bool, listOf, matching, table } from '../types';

export const vpc = table({
  id: matching(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, like "vpc-0123456789abcdef0"').meta({
    description: 'Id of the VPC that the function runs in. The server then reaches the internet only if the subnets do (through a NAT '
      + 'gateway).',
    examples: ['vpc-0123456789abcdef0'],
  }),
  subnet_ids: listOf(matching(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, like "subnet-0123456789abcdef0"'), 'subnet ids').min(1).meta({
    description: 'Ids of the function\'s private subnets. Use two availability zones.',
    examples: [['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210']],
  }),
  security_group_ids: listOf(
    matching(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group, like "sg-0123456789abcdef0"'), 'security group ids',
  ).min(1).max(5).optional().meta({
    description: 'Ids of the function\'s security groups. Without it, one is created that allows all outbound and no inbound traffic.',
    examples: [['sg-0123456789abcdef0']],
  }),
  ipv6: bool().default(false).meta({
    description: 'If true, the function can use IPv6 in dual-stack subnets.',
  }),
}).meta({ description: 'VPC of the function, for resources that are reachable only there, such as databases.' });
