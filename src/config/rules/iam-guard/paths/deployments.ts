import { type EscalationPath, OTHER_RIGHTS } from './escalation-path';
import * as kinds from '../kinds';
import { kind, typed } from '../kinds';

/** Rights of deployments: CloudFormation, and the services that build and deploy. */
export const DEPLOYMENT_PATHS: readonly EscalationPath[] = [
  {
    actions: 'cloudformation:DeleteStack SetStackPolicy UpdateTerminationProtection CreateStackRefactor CancelUpdateStack DeleteChangeSet',
    kinds: [kinds.STACK],
    naming: 'exact',
    power: 'delete or unlock whole stacks',
  },
  { actions: 'cloudformation:CreateStack', kinds: [kinds.STACK], naming: 'prefix', withPassRole: 'exact', power: OTHER_RIGHTS },
  {
    actions: 'cloudformation:CreateStackSet UpdateStackSet CreateStackInstances UpdateStackInstances DeleteStackInstances '
      + 'ImportStacksToStackSet',
    kinds: [kind('cloudformation', 'stackset/', 'stack set', ':{/}')],
    naming: 'exact',
    power: 'deploy whatever it likes, into other accounts too',
  },
  {
    actions: 'cloudformation:RegisterType ActivateType SetTypeDefaultVersion SetTypeConfiguration ActivateOrganizationsAccess',
    kinds: [kind('cloudformation', 'type/{}/', 'resource type')],
    naming: 'exact',
    power: 'run code of its own in all deployments',
  },
  {
    actions: 'servicecatalog:ProvisionProduct UpdateProvisionedProduct ExecuteProvisionedProductPlan '
      + 'ExecuteProvisionedProductServiceAction '
      + 'AssociatePrincipalWithPortfolio CreateConstraint CreateProvisioningArtifact CreatePortfolioShare UpdatePortfolioShare',
    kinds: [kind('catalog', '{}/', 'product')],
    naming: 'exact',
    power: 'deploy products with the rights of the roles that launch them',
  },
  {
    actions: 'codebuild:StartBuild StartBuildBatch RetryBuild RetryBuildBatch StartSandbox CreateProject UpdateProject '
      + 'UpdateProjectVisibility CreateWebhook UpdateWebhook ImportSourceCredentials PersistOAuthToken',
    kinds: [kind('codebuild', 'project/', 'project')],
    naming: 'exact',
    power: 'run code of its own with the rights of builds',
  },
  {
    actions: 'codebuild:PutResourcePolicy',
    kinds: [typed('codebuild', 'project')],
    naming: 'prefix',
    power: 'open projects to other accounts',
  },
  {
    actions: 'codepipeline:CreatePipeline UpdatePipeline StartPipelineExecution PutApprovalResult PutActionRevision PutWebhook '
      + 'OverrideStageCondition RollbackStage',
    kinds: [kind('codepipeline', '', 'pipeline', '/{/}')],
    naming: 'exact',
    power: 'deploy with the rights of pipelines, or approve deployments',
  },
  {
    actions: 'codecommit:GitPush PutFile CreateCommit MergeBranchesByFastForward MergeBranchesBySquash MergeBranchesByThreeWay '
      + 'MergePullRequestByFastForward MergePullRequestBySquash MergePullRequestByThreeWay OverridePullRequestApprovalRules '
      + 'UpdateDefaultBranch',
    kinds: [kind('codecommit', '', 'repository')],
    naming: 'exact',
    power: 'put its own code into repositories from which others deploy',
  },
  {
    actions: 'codedeploy:CreateDeployment UpdateDeploymentGroup CreateDeploymentGroup',
    kinds: [kind('codedeploy', 'deploymentgroup:', 'deployment group', '/{/}')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'codestar:CreateProject AssociateTeamMember UpdateTeamMember',
    kinds: [kind('codestar', 'project/', 'project')],
    naming: 'exact',
    power: 'get the rights of projects',
  },
  {
    actions: 'elasticbeanstalk:CreateApplicationVersion CreateEnvironment UpdateEnvironment AssociateEnvironmentOperationsRole '
      + 'CreatePlatformVersion',
    kinds: [typed('elasticbeanstalk', 'application', '/{/}')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
];
