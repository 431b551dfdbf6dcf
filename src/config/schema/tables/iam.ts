import { allowed, bool, listOf, matching, oneOf, table, text } from '../types';

/** What may stand in an ARN for a value of the stack that uses it. */
export const ARN_PLACEHOLDERS = ['${AWS::Partition}', '${AWS::Region}', '${AWS::AccountId}'] as const;

const access = oneOf(['read', 'write', 'readwrite']);

/** The most that an ARN has in IAM. */
const MAX_ARN = 2048;

const arn = text(undefined, MAX_ARN).refine((value) => value === '*' || /^arn:[a-z*?-]+:[A-Za-z0-9*?-]+:[a-z0-9*?-]*:[0-9*?]*:[^\s\p{Cc}]+$/u.test(plain(value)), {
  message: 'must be "*" or an ARN, like "arn:aws:sqs:us-east-1:123456789012:jobs" (${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId} may stand in it)',
}).register(allowed, { text: `"*" or an ARN of at most ${MAX_ARN} characters` });

/** An ARN with the placeholders filled in somehow. */
function plain(value: string): string {
  return value.replaceAll('${AWS::Partition}', 'aws').replaceAll('${AWS::Region}', 'us-east-1').replaceAll('${AWS::AccountId}', '123456789012');
}

export const iam = table({
  tables: listOf(table({
    name: matching(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table (3 to 255 letters, digits, underscores, hyphens and dots)').meta({
      description: 'Name of the table, in the stack\'s account and region.', examples: ['notes'],
    }),
    actions: access.meta({ description: '"read", "write" or "readwrite".', examples: ['read'] }),
    include_indexes: bool().default(false).meta({ description: 'Whether its indexes may be read too.' }),
  }), 'tables').default([]).meta({ description: 'A DynamoDB table that the server may use; one [[iam.tables]] for each.' }),
  buckets: listOf(table({
    name: matching(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket (3 to 63 lower case letters, digits, hyphens and dots)').meta({
      description: 'Name of the bucket.', examples: ['my-notes'],
    }),
    actions: access.meta({ description: '"read", "write" or "readwrite".', examples: ['readwrite'] }),
  }), 'tables').default([]).meta({ description: 'An S3 bucket that the server may use; one [[iam.buckets]] for each. "read" includes listing it.' }),
  statements: listOf(table({
    effect: oneOf(['Allow', 'Deny']).meta({ description: '"Allow" or "Deny".', examples: ['Allow'] }),
    actions: listOf(matching(/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/, 'an action: service:Action, like "s3:GetObject"'), 'actions').min(1).meta({
      description: 'Actions, as service:Action.', examples: [['sqs:SendMessage']],
    }),
    resources: listOf(arn, 'ARNs').min(1).meta({
      description: 'ARNs of the resources. ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId} stand for those of the stack.',
      examples: [['arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs']],
    }),
  }), 'tables').default([]).meta({
    description: 'An IAM statement, for everything else; one [[iam.statements]] for each. The known ways to power over the account are refused: see permissions.md, '
      + 'which says what that promises and what it does not.',
  }),
}).meta({ description: 'What the server may do on AWS. Without this: write its own logs and traces, nothing else.' });
