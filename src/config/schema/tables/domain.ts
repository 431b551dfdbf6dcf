import { bool, matching, table, text } from '../types';

export const domain = table({
  name: matching(
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a domain name in lowercase, like "mcp.example.com"',
  ).meta({
    description: 'Domain name of the endpoint.',
    examples: ['mcp.example.com'],
  }),
  certificate_arn: matching(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, 'the ARN of an ACM certificate in the region of the stack',
  ).meta({
    description: 'ARN of an ACM certificate for the domain name, in the region of the stack.',
    examples: ['arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000'],
  }),
  hosted_zone_id: matching(/^Z[A-Z0-9]{1,31}$/, 'the id of a Route 53 hosted zone, like "Z0123456789ABCDEFGHIJ"').optional().meta({
    description: 'Id of the Route 53 hosted zone in which alias records are created. Without it, point the name at the output '
      + 'DomainTarget yourself.',
    examples: ['Z0123456789ABCDEFGHIJ'],
  }),
  zone_name: text('the name of the hosted zone, like "example.com"').optional().meta({
    description: 'Name of the hosted zone.',
    examples: ['example.com'],
  }),
  disable_default_endpoint: bool().default(true).meta({
    description: 'If true, the execute-api address is disabled: only the custom domain reaches the server. Until its name resolves, the '
      + 'server is '
      + 'not reachable.',
  }),
}).refine(
  ({ hosted_zone_id: id, zone_name: name }) => (id === undefined) === (name === undefined),
  'must have both hosted_zone_id and zone_name, or neither',
).meta({ description: 'Custom domain name.' });
