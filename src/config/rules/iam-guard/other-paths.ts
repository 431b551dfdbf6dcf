import * as kinds from './kinds';
import { kind, typed } from './kinds';
import type { EscalationPath } from './paths';

/** Ways by people who sign in, by secrets and keys, by policies of resources, and past what watches the account. */
export const OTHER_PATHS: readonly EscalationPath[] = [
  // Who signs in
  {
    actions: 'cognito-idp:AdminSetUserPassword AdminCreateUser AdminUpdateUserAttributes AdminInitiateAuth AdminRespondToAuthChallenge '
      + 'AdminResetUserPassword AdminSetUserMFAPreference AdminAddUserToGroup AdminConfirmSignUp AdminEnableUser '
      + 'AdminLinkProviderForUser CreateGroup UpdateGroup CreateIdentityProvider UpdateIdentityProvider CreateUserPoolClient '
      + 'UpdateUserPoolClient DescribeUserPoolClient AddUserPoolClientSecret UpdateUserPool SetUserPoolMfaConfig CreateUserImportJob '
      + 'StartUserImportJob',
    kinds: [kind('cognito-idp', 'userpool/', 'user pool')],
    naming: 'exact',
    power: 'sign in as the users of any application',
  },
  {
    actions: 'cognito-identity:SetIdentityPoolRoles UpdateIdentityPool CreateIdentityPool SetPrincipalTagAttributeMap '
      + 'GetOpenIdTokenForDeveloperIdentity GetCredentialsForIdentity MergeDeveloperIdentities',
    kinds: [kind('cognito-identity', 'identitypool/', 'identity pool')],
    naming: 'exact',
    power: 'give roles to people outside, or take theirs',
  },
  {
    actions: 'ds:ResetUserPassword EnableRoleAccess',
    kinds: [kind('ds', 'directory/', 'directory')],
    naming: 'exact',
    power: 'sign in as others',
  },
  // Secrets and keys
  {
    actions: 'secretsmanager:GetSecretValue PutSecretValue UpdateSecret PutResourcePolicy DeleteSecret RotateSecret '
      + 'ReplicateSecretToRegions '
      + 'UpdateSecretVersionStage',
    kinds: [kinds.SECRET],
    naming: 'prefix',
    power: 'read or change every secret of the account, keys of administrators included',
  },
  {
    actions: 'ssm:GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter DeleteParameters '
      + 'LabelParameterVersion PutResourcePolicy',
    kinds: [kinds.PARAMETER],
    naming: 'prefix',
    power: 'read or change every parameter of the account, secret ones included',
  },
  {
    actions: 'kms:Decrypt ReEncryptFrom DeriveSharedSecret Sign GenerateMac CreateGrant PutKeyPolicy ReplicateKey ScheduleKeyDeletion '
      + 'DisableKey ImportKeyMaterial DeleteImportedKeyMaterial UpdatePrimaryRegion',
    kinds: [kinds.KEY],
    naming: 'exact',
    power: 'decrypt or sign with every key that leaves it to IAM, or give keys away',
  },
  {
    actions: 'kms:UpdateAlias CreateAlias DeleteAlias',
    kinds: [kinds.KEY, kind('kms', 'alias/', 'alias')],
    naming: 'exact',
    power: 'put another key in place of one',
  },
  // Policies of resources
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
  // What watches the account
  {
    actions: 'cloudtrail:StopLogging DeleteTrail UpdateTrail PutEventSelectors PutInsightSelectors PutEventConfiguration '
      + 'DeleteEventDataStore UpdateEventDataStore StopEventDataStoreIngestion PutResourcePolicy EnableFederation',
    kinds: [typed('cloudtrail', 'trail')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'guardduty:DeleteDetector UpdateDetector DisassociateFromAdministratorAccount DisassociateFromMasterAccount DeleteMembers '
      + 'StopMonitoringMembers CreateFilter CreateIPSet UpdateIPSet CreateTrustedEntitySet',
    kinds: [kind('guardduty', 'detector/', 'detector', '/{/}')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'securityhub:DisableSecurityHub DeleteMembers DisassociateMembers BatchDisableStandards',
    kinds: [typed('securityhub', 'hub')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'access-analyzer:DeleteAnalyzer CreateArchiveRule UpdateArchiveRule',
    kinds: [typed('access-analyzer', 'analyzer', '/{/}')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'logs:DeleteLogGroup DeleteLogStream PutRetentionPolicy PutResourcePolicy PutDestinationPolicy PutSubscriptionFilter '
      + 'DeleteSubscriptionFilter PutAccountPolicy DeleteDataProtectionPolicy',
    kinds: [kind('logs', 'log-group:', 'log group', ':log-stream:{/}'), kind('logs', 'destination:', 'destination')],
    naming: 'prefix',
    power: 'delete the traces of what it does, or send logs elsewhere',
  },
];
