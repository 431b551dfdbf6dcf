import * as kinds from './kinds';
import { kind, typed } from './kinds';
import type { EscalationPath } from './paths';

const OTHER_RIGHTS = 'run code of its own with rights that it was not given';

/** Ways to rights of roles, of deployments and of whatever runs code. */
export const CODE_PATHS: readonly EscalationPath[] = [
  {
    actions: 'iam:PassRole',
    kinds: [kinds.ROLE],
    naming: 'exact',
    power: 'let AWS services act for it with the rights of any role that they may use',
  },
  {
    actions: 'sts:AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity',
    kinds: [kinds.ROLE],
    naming: 'exact',
    power: 'take on the rights of any role that trusts it',
  },
  // Lambda
  {
    actions: 'lambda:UpdateFunctionCode UpdateFunctionConfiguration AddPermission CreateFunctionUrlConfig UpdateFunctionUrlConfig '
      + 'UpdateAlias PutFunctionCodeSigningConfig UpdateFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig EnableReplication',
    kinds: [kinds.FUNCTION],
    naming: 'exact',
    power: 'run code of its own with the rights of other functions, or let others call them',
  },
  {
    actions: 'lambda:PublishLayerVersion AddLayerVersionPermission',
    kinds: [kind('lambda', 'layer:', 'layer', ':{/}')],
    naming: 'exact',
    power: 'put its own code into other functions, or show their layers to others',
  },
  { actions: 'lambda:CreateFunction', kinds: [kinds.FUNCTION], naming: 'prefix', withPassRole: 'exact', power: OTHER_RIGHTS },
  {
    actions: 'lambda:InvokeFunction InvokeAsync InvokeFunctionUrl CreateEventSourceMapping UpdateEventSourceMapping',
    kinds: [kinds.FUNCTION, kind('lambda', 'event-source-mapping:', 'event source mapping')],
    naming: 'prefix',
    power: 'call every function, those too that act for deployments with rights of their own',
  },
  // CloudFormation, and what deploys by it
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
  // Systems Manager and EC2
  {
    actions: 'ssm:SendCommand StartSession ResumeSession CreateAssociation CreateAssociationBatch UpdateAssociation StartAccessRequest '
      + 'CreateActivation',
    kinds: [
      kinds.INSTANCE, kind('ssm', 'managed-instance/', 'managed instance'), kind('ecs', 'task/', 'task', '/{/}', '/*'),
      kind('ssm', 'association/', 'association'),
      kind('ssm', 'session/', 'session'),
    ],
    naming: 'exact',
    power: 'run commands on machines with the rights of their roles',
  },
  {
    actions: 'ssm:StartAutomationExecution StartChangeRequestExecution StartAssociationsOnce RegisterTaskWithMaintenanceWindow '
      + 'UpdateMaintenanceWindowTask CreateDocument UpdateDocument UpdateDocumentDefaultVersion ModifyDocumentPermission '
      + 'UpdateServiceSetting',
    kinds: [
      kind('ssm', 'automation-definition/', 'runbook', ':{/}', ':*'), kind('ssm', 'document/', 'document'),
      kind('ssm', 'association/', 'association'),
      kind('ssm', 'maintenancewindow/', 'maintenance window'), kind('ssm', 'windowtask/', 'task'),
      kind('ssm', 'servicesetting/', 'setting'),
    ],
    naming: 'exact',
    power: 'run or change runbooks that act with rights of their own',
  },
  {
    actions: 'ec2-instance-connect:SendSSHPublicKey SendSerialConsoleSSHPublicKey OpenTunnel',
    kinds: [kinds.INSTANCE, kind('ec2', 'instance-connect-endpoint/', 'endpoint')],
    naming: 'exact',
    power: 'sign in to machines and use the rights of their roles',
  },
  {
    actions: 'ec2:ModifyInstanceAttribute AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation GetPasswordData',
    kinds: [kinds.INSTANCE],
    naming: 'exact',
    power: 'get into machines and use the rights of their roles',
  },
  {
    actions: 'ec2:CreateLaunchTemplateVersion ModifyLaunchTemplate',
    kinds: [kind('ec2', 'launch-template/', 'launch template')],
    naming: 'exact',
    power: 'run code of its own on machines, with the rights of their roles',
  },
  {
    actions: 'ec2:ModifySnapshotAttribute ModifyImageAttribute PutResourcePolicy',
    kinds: [kind('ec2', 'snapshot/', 'snapshot'), kind('ec2', 'image/', 'image')],
    naming: 'exact',
    power: 'show disks to other accounts',
  },
  {
    actions: 'ec2:RunInstances RequestSpotInstances RequestSpotFleet CreateFleet',
    kinds: [
      kinds.INSTANCE, kind('ec2', 'spot-instances-request/', 'request'), kind('ec2', 'spot-fleet-request/', 'request'),
      kind('ec2', 'fleet/', 'fleet'),
    ],
    naming: 'prefix',
    withPassRole: 'exact',
    power: OTHER_RIGHTS,
    instead: 'instances have no names beforehand, so grant it in the code of the stack, with conditions',
  },
  {
    actions: 'autoscaling:CreateAutoScalingGroup UpdateAutoScalingGroup CreateLaunchConfiguration',
    kinds: [kind('autoscaling', '{}:', 'group')],
    naming: 'prefix',
    withPassRole: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'lightsail:GetInstanceAccessDetails DownloadDefaultKeyPair UpdateInstanceMetadataOptions '
      + 'GetRelationalDatabaseMasterUserPassword',
    kinds: [typed('lightsail', 'instance')],
    naming: 'exact',
    power: 'get into machines and databases',
  },
  // Containers and jobs
  {
    actions: 'ecs:ExecuteCommand RegisterContainerInstance CreateService UpdateService CreateTaskSet UpdateTaskSet '
      + 'CreateExpressGatewayService UpdateExpressGatewayService',
    kinds: [
      kind('ecs', 'cluster/', 'cluster'), kind('ecs', 'task/', 'task', '/{/}', '/*'), kind('ecs', 'service/', 'service', '/{/}'),
      kind('ecs', 'task-set/', 'task set', '/{/}'),
    ],
    naming: 'exact',
    power: 'run commands and code of its own with the rights of other tasks',
  },
  {
    actions: 'ecs:RegisterTaskDefinition RunTask StartTask',
    kinds: [kinds.TASK_DEFINITION],
    naming: 'prefix',
    withPassRole: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'batch:SubmitJob RegisterJobDefinition CreateComputeEnvironment UpdateComputeEnvironment',
    kinds: [kind('batch', 'job-definition/', 'job definition', ':{/}'), kind('batch', 'compute-environment/', 'compute environment')],
    naming: 'prefix',
    withPassRole: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'apprunner:UpdateService StartDeployment CreateService',
    kinds: [kind('apprunner', 'service/', 'service', '/{/}', '/*')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'glue:CreateJob UpdateJob StartJobRun CreateDevEndpoint UpdateDevEndpoint CreateSession RunStatement CreateTrigger '
      + 'UpdateTrigger StartTrigger CreateWorkflow CreateBlueprint StartBlueprintRun CreateCrawler UpdateCrawler',
    kinds: [typed('glue', 'job')],
    naming: 'exact',
    power: 'run code of its own with the rights of jobs',
  },
  {
    actions: 'glue:PutResourcePolicy',
    kinds: [kind('glue', '', 'catalog')],
    naming: 'exact',
    power: 'open the data catalog to other accounts',
  },
  {
    actions: 'sagemaker:CreatePresignedNotebookInstanceUrl CreatePresignedDomainUrl CreateNotebookInstanceLifecycleConfig '
      + 'UpdateNotebookInstanceLifecycleConfig CreateNotebookInstance UpdateNotebookInstance CreateDomain UpdateDomain '
      + 'CreateUserProfile UpdateUserProfile CreateApp StartSession',
    kinds: [typed('sagemaker', 'notebook')],
    naming: 'exact',
    power: 'run code of its own with the rights of notebooks',
  },
  {
    actions: 'sagemaker:CreateTrainingJob CreateProcessingJob CreateHyperParameterTuningJob CreateAutoMLJob CreateAutoMLJobV2 '
      + 'CreateTransformJob CreateModel CreatePipeline UpdatePipeline StartPipelineExecution CreateCluster UpdateCluster '
      + 'CreateMonitoringSchedule UpdateMonitoringSchedule CreateEndpointConfig',
    kinds: [typed('sagemaker', 'job')],
    naming: 'prefix',
    withPassRole: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'states:CreateStateMachine UpdateStateMachine UpdateStateMachineAlias TestState',
    kinds: [kinds.STATE_MACHINE],
    naming: 'exact',
    power: 'run steps of its own with the rights of state machines',
  },
  {
    actions: 'states:StartExecution StartSyncExecution',
    kinds: [kinds.STATE_MACHINE],
    naming: 'prefix',
    power: 'start every state machine, each with rights of its own',
  },
  {
    actions: 'bedrock-agentcore:StartCodeInterpreterSession InvokeCodeInterpreter InvokeAgentRuntimeCommand CreateCodeInterpreter '
      + 'CreateAgentRuntime UpdateAgentRuntime CreateBrowser CreateGateway UpdateGateway CreateGatewayTarget UpdateGatewayTarget '
      + 'PutResourcePolicy ManageAdminPolicy',
    kinds: [typed('bedrock-agentcore', 'code interpreter')],
    naming: 'prefix',
    withPassRole: 'exact',
    power: 'run code of its own with the rights of code interpreters and agents',
  },
  {
    actions: 'elasticmapreduce:RunJobFlow AddJobFlowSteps GetClusterSessionCredentials StartNotebookExecution CreateStudioPresignedUrl '
      + 'StartEditor',
    kinds: [typed('elasticmapreduce', 'cluster')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'emr-serverless:StartJobRun CreateApplication',
    kinds: [kind('emr-serverless', '/{}/', 'application', '/{/}')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'datapipeline:CreatePipeline PutPipelineDefinition ActivatePipeline',
    kinds: [kind('datapipeline', 'pipeline/', 'pipeline')],
    naming: 'exact',
    power: OTHER_RIGHTS,
  },
  {
    actions: 'imagebuilder:CreateImagePipeline UpdateImagePipeline CreateInfrastructureConfiguration UpdateInfrastructureConfiguration '
      + 'CreateComponent ImportComponent CreateImage CreateWorkflow PutComponentPolicy PutImagePolicy PutImageRecipePolicy '
      + 'PutContainerRecipePolicy',
    kinds: [typed('imagebuilder', 'pipeline', '/{/}')],
    naming: 'exact',
    power: 'put its own code into images that others run',
  },
  {
    actions: 'config:PutRemediationConfigurations StartRemediationExecution PutConformancePack PutConfigRule PutOrganizationConfigRule '
      + 'StopConfigurationRecorder DeleteConfigurationRecorder PutConfigurationRecorder DeleteDeliveryChannel',
    kinds: [typed('config', 'rule', '/{/}')],
    naming: 'exact',
    power: 'run remedies with rights of their own, or stop what watches the account',
  },
];
