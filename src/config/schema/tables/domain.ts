import { bool, matching, table, text } from '../types';

export const domain = table({
  name: matching(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a domain name in lower case, like "mcp.example.com"').meta({
    description: 'Domain name of the endpoint.',
    examples: ['mcp.example.com'],
  }),
  certificate_arn: matching(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, 'the ARN of an ACM certificate in the region of the stack',
  ).meta({
    description: 'ACM certificate of that name, in the region of the stack.',
    examples: ['arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000'],
  }),
  hosted_zone_id: matching(/^Z[A-Z0-9]{1,31}$/, 'the id of a Route 53 hosted zone, like "Z0123456789ABCDEFGHIJ"').optional().meta({
    description: 'Route 53 zone in which the alias records are made. Without it, point the name at the output DomainTarget yourself.',
    examples: ['Z0123456789ABCDEFGHIJ'],
  }),
  zone_name: text('the name of the hosted zone, like "example.com"').optional().meta({
    description: 'Name of that zone.',
    examples: ['example.com'],
  }),
  disable_default_endpoint: bool().default(true).meta({
    description: 'Closes the execute-api address, so that the custom domain is the only way in. Until the name resolves, nobody gets in then.',
  }),
}).refine((value) => (value.hosted_zone_id === undefined) === (value.zone_name === undefined), 'must have hosted_zone_id and zone_name, or neither')
  .meta({ description: 'A domain name of your own.' });
