import * as z from 'zod';
import { allowed, matching, table } from '../types';

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
