import { bool, listOf, matching, table } from '../types';

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
