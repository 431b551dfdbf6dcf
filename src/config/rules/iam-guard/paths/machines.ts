import { type EscalationPath, OTHER_RIGHTS } from './escalation-path';
import * as kinds from '../kinds';
import { kind, typed } from '../kinds';

/** Rights of machines: Systems Manager, EC2 and Lightsail. */
export const MACHINE_PATHS: readonly EscalationPath[] = [
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
];
