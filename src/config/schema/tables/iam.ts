import { allowed, bool, listOf, matching, oneOf, table, text } from '../types';

/** Placeholders in ARNs for values of the stack. */
export const ARN_PLACEHOLDERS = ['${AWS::Partition}', '${AWS::Region}', '${AWS::AccountId}'] as const;

const access = oneOf(['read', 'write', 'readwrite']);

/** IAM's limit for an ARN, in characters. */
const MAX_ARN = 2048;

const arn = text(undefined, MAX_ARN).refine(isArn, {
  message: 'must be "*" or an ARN, like "arn:aws:sqs:us-east-1:123456789012:jobs" '
    + '(it can have ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId})',
}).register(allowed, { text: `"*" or an ARN of at most ${MAX_ARN} characters` });

function isArn(value: string): boolean {
  return value === '*' || /^arn:[a-z*?-]+:[A-Za-z0-9*?-]+:[a-z0-9*?-]*:[0-9*?]*:[^\s\p{Cc}]+$/u.test(withExampleValues(value));
}

function withExampleValues(value: string): string {
  return value.replaceAll('${AWS::Partition}', 'aws').replaceAll('${AWS::Region}', 'us-east-1')
    .replaceAll('${AWS::AccountId}', '123456789012');
}

export const iam = table({
  tables: listOf(table({
    name: matching(
      /^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table (3 to 255 letters, digits, underscores, hyphens and dots)',
    ).meta({
      description: 'Name of the table, in the account and region of the stack.',
      examples: ['notes'],
    }),
    actions: access.meta({ description: 'Access to the items: "read", "write" or "readwrite".', examples: ['read'] }),
    include_indexes: bool().default(false).meta({ description: 'If true, the access includes the indexes of the table.' }),
  }), 'tables').default([]).meta({ description: 'DynamoDB tables that the server can use, one [[iam.tables]] for each.' }),
  buckets: listOf(table({
    name: matching(
      /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket (3 to 63 lowercase letters, digits, hyphens and dots)',
    ).meta({
      description: 'Name of the bucket.',
      examples: ['my-notes'],
    }),
    actions: access.meta({ description: 'Access to the objects: "read", "write" or "readwrite".', examples: ['readwrite'] }),
  }), 'tables').default([]).meta({
    description: 'S3 buckets that the server can use, one [[iam.buckets]] for each. "read" includes listing the objects.',
  }),
  statements: listOf(table({
    effect: oneOf(['Allow', 'Deny']).meta({ description: 'Effect of the statement: "Allow" or "Deny".', examples: ['Allow'] }),
    actions: listOf(
      matching(/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/, 'an action: service:Action, like "s3:GetObject"'), 'actions',
    ).min(1).meta({
      description: 'Actions, as service:Action.',
      examples: [['sqs:SendMessage']],
    }),
    resources: listOf(arn, 'ARNs').min(1).meta({
      description: 'ARNs of the resources. ${AWS::Partition}, ${AWS::Region} and ${AWS::AccountId} are replaced with those of the stack.',
      examples: [['arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs']],
    }),
  }), 'tables').default([]).meta({
    description: 'IAM statements, for everything else, one [[iam.statements]] for each. Statements with which the server could get more '
      + 'rights are '
      + 'refused; docs/permissions.md says which.',
  }),
}).meta({ description: 'Permissions of the server on AWS. Without this table, it can only write its own logs and traces.' });
