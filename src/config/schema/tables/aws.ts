import * as z from 'zod';
import { allowed, matching, table } from '../types';

export const target = table({
  type: z.literal('aws-lambda').register(allowed, { text: '"aws-lambda" (the only target of this tool)' }).default('aws-lambda').meta({
    description: 'Deployment target.',
  }),
  version: matching(/^1\.\d{1,9}\.\d{1,9}$/, 'a version of the file format that this tool supports: "1.0.0"').default('1.0.0').meta({
    description: 'Version of the file format.',
  }),
}).meta({ description: 'Deployment target and file format.' });

export const aws = table({
  region: matching(/^[a-z]{2,3}(-[a-z]+){1,3}-\d{1,2}$/, 'an AWS region, like "us-east-1"').meta({
    description: 'AWS region of the stack.',
    examples: ['us-east-1'],
  }),
  account_id: matching(/^\d{12}$/, 'an AWS account id: a string of 12 digits').optional().meta({
    description: 'AWS account of the stack. If set, deployments with the credentials of another account are refused. A local AWS has its '
      + 'own account.',
    examples: ['123456789012'],
  }),
}).meta({ description: 'Target account and region.' });
