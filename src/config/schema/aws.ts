import * as z from 'zod';
import { allowed, bool, mapOf, matching, table, text } from './types';

export const target = table({
  type: z.literal('aws-lambda').register(allowed, { text: '"aws-lambda" (this tool deploys to AWS Lambda only)' }).default('aws-lambda').meta({
    description: 'Where the server is deployed to.',
  }),
  version: matching(/^1\.\d{1,9}\.\d{1,9}$/, 'a version of this file format that is known here: "1.0.0"').default('1.0.0').meta({
    description: 'Version of this file\'s format.',
  }),
}).meta({ description: 'The kind of deployment that this file describes.' });

export const aws = table({
  region: matching(/^[a-z]{2,3}(-[a-z]+){1,3}-\d{1,2}$/, 'an AWS region, like "us-east-1"').meta({
    description: 'AWS region of the stack.',
    examples: ['us-east-1'],
  }),
  account_id: matching(/^\d{12}$/, 'an AWS account id: a string of 12 digits').optional().meta({
    description: 'AWS account of the stack. With it, a deployment with another account\'s credentials is refused. A local AWS has its own.',
    examples: ['123456789012'],
  }),
}).meta({ description: 'Where on AWS.' });

/** A value that AWS takes for a tag. */
export const tagValue = matching(/^[\p{L}\p{N}\s_.:/=+\-@]*$/u, 'a tag value: at most 256 letters, digits, spaces and _.:/=+-@').max(256);

export const tags = mapOf(
  matching(/^(?!aws:)[\p{L}\p{N}\s_.:/=+\-@]{1,128}$/iu, 'a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not starting with "aws:"'),
  tagValue,
  'strings',
)
  .refine((map) => Object.keys(map).length <= 40, 'has more than the 40 tags that fit beside those of this tool')
  .meta({ description: 'Tags of every resource in the stack, for cost reports and the like.', examples: [{ team: 'platform' }] });

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
