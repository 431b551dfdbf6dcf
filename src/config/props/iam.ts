import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../load/deploy-file';
import { OBJECT_ACTIONS, TABLE_ACTIONS } from '../schema/iam-access';
import { ARN_PLACEHOLDERS } from '../schema/tables/iam';

type Access = Deployment['iam']['tables'][number]['actions'];

const VALUES: Readonly<Record<typeof ARN_PLACEHOLDERS[number], string>> = {
  '${AWS::Partition}': Aws.PARTITION,
  '${AWS::Region}': Aws.REGION,
  '${AWS::AccountId}': Aws.ACCOUNT_ID,
};

/** Policy statements from `[iam]`, with ARNs in the partition, region and account of the stack. */
export function policyStatements(scope: Construct, { tables, buckets, statements }: Deployment['iam']): PolicyStatement[] {
  return [
    ...tables.map((table) => tableStatement(Stack.of(scope), table)),
    ...buckets.flatMap((bucket) => bucketStatements(Stack.of(scope), bucket)),
    ...statements.map(({ effect, actions, resources }) => (
      new PolicyStatement({ effect: effect === 'Allow' ? Effect.ALLOW : Effect.DENY, actions, resources: resources.map(withPlaceholders) })
    )),
  ];
}

function tableStatement(stack: Stack, table: Deployment['iam']['tables'][number]): PolicyStatement {
  const arn = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table.name });
  const resources = table.include_indexes ? [arn, `${arn}/index/*`] : [arn];
  return new PolicyStatement({ actions: actionsOf(TABLE_ACTIONS, table.actions), resources });
}

/** Reading includes s3:ListBucket: without it, S3 answers 403 instead of 404 for missing objects. */
function bucketStatements(stack: Stack, bucket: Deployment['iam']['buckets'][number]): PolicyStatement[] {
  const arn = stack.formatArn({ service: 's3', region: '', account: '', resource: bucket.name, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const objects = new PolicyStatement({ actions: actionsOf(OBJECT_ACTIONS, bucket.actions), resources: [`${arn}/*`] });
  return bucket.actions === 'write' ? [objects] : [objects, new PolicyStatement({ actions: ['s3:ListBucket'], resources: [arn] })];
}

function actionsOf(actions: { readonly read: string[]; readonly write: string[] }, access: Access): string[] {
  return access === 'readwrite' ? [...actions.read, ...actions.write] : actions[access];
}

function withPlaceholders(resource: string): string {
  return ARN_PLACEHOLDERS.reduce((text, placeholder) => text.replaceAll(placeholder, VALUES[placeholder]), resource);
}
