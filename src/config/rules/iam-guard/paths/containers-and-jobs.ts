import { type EscalationPath, OTHER_RIGHTS } from './escalation-path';
import * as kinds from '../kinds';
import { kind, typed } from '../kinds';

/** Rights of containers, jobs, notebooks and workflows. */
export const CONTAINER_AND_JOB_PATHS: readonly EscalationPath[] = [
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
