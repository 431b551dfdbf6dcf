/** Actions that are refused on all resources of a form, however these are named. */
export interface ForbiddenResource {
  readonly actions: string;

  /** Forms of ARNs, with `{}` for anything without `:` and `/`, `{/}` for anything without `:`, and `{*}` for anything. */
  readonly forms: readonly string[];
  readonly called: string;

  /** What the server could do. */
  readonly power: string;
}

/** What is refused however it is named, since its power has no bounds, or those of an administrator only. */
export const FORBIDDEN: readonly ForbiddenResource[] = [
  {
    actions: 'iam:AttachGroupPolicy AttachRolePolicy AttachUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicyVersion '
      + 'SetDefaultPolicyVersion UpdateAssumeRolePolicy DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary '
      + 'PutRolePermissionsBoundary PutUserPermissionsBoundary',
    forms: ['arn:{}:iam:{}:{}:{*}'],
    called: 'an identity or a policy',
    power: 'give itself or others any right',
  },
  { actions: 'sts:AssumeRoot', forms: ['arn:{}:iam:{}:{}:root'], called: 'an account\'s root user', power: 'act as the root user' },
  {
    actions: 'cloudformation:UpdateStack CreateChangeSet ExecuteChangeSet RollbackStack ContinueUpdateRollback ExecuteStackRefactor',
    forms: ['arn:{}:cloudformation:{}:{}:stack/{*}', 'arn:{}:cloudformation:{}:{}:changeSet/{*}'],
    called: 'a stack',
    power: 'deploy whatever it likes: a stack of the CDK is changed with an administrator\'s rights',
  },
  {
    actions: 's3:PutObject PutObjectAcl PutObjectVersionAcl ReplicateObject PutBucketPolicy DeleteBucketPolicy PutBucketAcl '
      + 'PutBucketOwnershipControls PutReplicationConfiguration PutLifecycleConfiguration PutAccessPointPolicy CreateAccessPoint',
    forms: [
      'cdk-{}-assets-{}', 'cdk-{}-staging-{}', 'cdktoolkit-stagingbucket-{}', 'cf-templates-{}', 'codepipeline-{}',
      'aws-sam-cli-managed-default-{}',
      'elasticbeanstalk-{}', 'aws-glue-assets-{}',
    ].flatMap((bucket) => [`arn:{}:s3:{}:{}:${bucket}`, `arn:{}:s3:{}:{}:${bucket}/{*}`]),
    called: 'a bucket from which AWS tools deploy, like the CDK\'s',
    power: 'put its own code and templates into deployments',
  },
  {
    actions: 'ecr:PutImage SetRepositoryPolicy',
    forms: ['arn:{}:ecr:{}:{}:repository/cdk-{}-container-assets-{}'],
    called: 'the repository of the CDK bootstrap',
    power: 'put its own code into deployments',
  },
];

/** What is refused although it is named: the roles of the CDK's deployments, and those that are known to be administrators'. */
export const PRIVILEGED: readonly ForbiddenResource[] = [
  {
    actions: 'sts:AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity',
    forms: ['arn:{}:iam:{}:{}:role/cdk-{}-role-{}'],
    called: 'the roles of the CDK bootstrap',
    power: 'deploy whatever it likes with an administrator\'s rights',
  },
  {
    actions: 'iam:PassRole',
    forms: ['arn:{}:iam:{}:{}:role/cdk-{}-role-{}'],
    called: 'the roles of the CDK bootstrap',
    power: 'let AWS services act for it with an administrator\'s rights',
  },
  ...['sts:AssumeRole', 'iam:PassRole'].map((actions) => ({
    actions,
    forms: [
      'OrganizationAccountAccessRole', 'AWSControlTowerExecution', 'stacksets-exec-{}', 'AWSCloudFormationStackSetExecutionRole',
      'AWSCloudFormationStackSetAdministrationRole', 'service-role/AWSControlTowerAdmin', 'aws-reserved/{*}AWSReservedSSO_{}',
      'Admin', 'admin', 'Administrator', 'administrator', 'AdministratorAccess',
    ].map((name) => `arn:{}:iam:{}:{}:role/${name}`),
    called: 'a role of administrators',
    power: 'do whatever an administrator can',
  })),
];
