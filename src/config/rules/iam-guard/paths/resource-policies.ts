import type { EscalationPath } from './escalation-path';
import * as kinds from '../kinds';
import { kind, typed } from '../kinds';

/** Policies of resources, and code that others run from them. */
export const RESOURCE_POLICY_PATHS: readonly EscalationPath[] = [
  {
    actions: 's3:PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutObjectAcl PutObjectVersionAcl PutBucketPublicAccessBlock '
      + 'PutBucketOwnershipControls PutReplicationConfiguration PutAccountPublicAccessBlock PutAccessPointPolicy '
      + 'PutMultiRegionAccessPointPolicy CreateAccessGrant CreateAccessGrantsLocation PutAccessGrantsInstanceResourcePolicy '
      + 'PutAccessPointPublicAccessBlock',
    kinds: [kinds.BUCKET],
    naming: 'prefix',
    power: 'open buckets to everybody',
  },
  {
    actions: 'dynamodb:PutResourcePolicy',
    kinds: [kind('dynamodb', '{}/', 'table', '/{/}')],
    naming: 'prefix',
    power: 'open tables to other accounts',
  },
  {
    actions: 'sqs:AddPermission SetQueueAttributes',
    kinds: [kind('sqs', '', 'queue')],
    naming: 'prefix',
    power: 'open queues to other accounts',
  },
  {
    actions: 'sns:AddPermission SetTopicAttributes',
    kinds: [kind('sns', '', 'topic', ':{/}')],
    naming: 'prefix',
    power: 'open topics to other accounts',
  },
  {
    actions: 'events:PutPermission',
    kinds: [kind('events', 'event-bus/', 'event bus')],
    naming: 'prefix',
    power: 'open event buses to other accounts',
  },
  {
    actions: 'kinesis:PutResourcePolicy',
    kinds: [kind('kinesis', 'stream/', 'stream', '/{/}')],
    naming: 'prefix',
    power: 'open streams to other accounts',
  },
  {
    actions: 'ecr:PutImage SetRepositoryPolicy PutRegistryPolicy PutReplicationConfiguration CreateRepositoryCreationTemplate',
    kinds: [kind('ecr', 'repository/', 'repository')],
    naming: 'prefix',
    power: 'put its own code into images that others run, or open repositories to others',
  },
  {
    actions: 'codeartifact:PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy PublishPackageVersion',
    kinds: [typed('codeartifact', 'repository', '/{/}')],
    naming: 'prefix',
    power: 'put its own code into packages that others use, or open repositories to others',
  },
  {
    actions: 'backup:PutBackupVaultAccessPolicy',
    kinds: [kind('backup', 'backup-vault:', 'vault')],
    naming: 'prefix',
    power: 'open backups to other accounts',
  },
  {
    actions: 'elasticfilesystem:PutFileSystemPolicy DeleteFileSystemPolicy',
    kinds: [kind('elasticfilesystem', 'file-system/', 'file system')],
    naming: 'prefix',
    power: 'open file systems to other accounts',
  },
  {
    actions: 'es:UpdateDomainConfig UpdateElasticsearchDomainConfig AddDirectQueryDataSource',
    kinds: [kind('es', 'domain/', 'domain', '/{/}')],
    naming: 'prefix',
    power: 'open search domains to everybody',
  },
  {
    actions: 'apigateway:POST PUT PATCH DELETE UpdateRestApiPolicy UpdateDomainNamePolicy UpdateDomainNameManagementPolicy',
    kinds: [
      kind('apigateway', '/restapis/', 'REST API', '/{/}', '/*'), kind('apigateway', '/apis/', 'HTTP API', '/{/}', '/*'),
      kind('apigateway', '/{}/', 'resource', '/{/}'),
    ],
    naming: 'exact',
    power: 'take the protection off APIs, its own included',
  },
];
