import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { stageFlags, type Project } from '../project/project';

/** CloudFormation's old and new message if a version equals the latest one. */
const VERSION_EXISTS = /A version for this Lambda function exists|Version already exists/i;

/** Whether a deployment failed because Lambda had already published the same version. */
export function isVersionThere({ ResourceType, ResourceStatusReason = '' }: StackEvent): boolean {
  return ResourceType === 'AWS::Lambda::Version' && VERSION_EXISTS.test(ResourceStatusReason);
}

/** A kind of failure, and its fix. */
interface KnownFailure {
  readonly resource: RegExp;
  readonly reason: RegExp;
  readonly advice: (project: Project) => string;
}

const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    // New accounts have a low concurrency quota, and Lambda keeps a part of it unreserved.
    resource: /^AWS::Lambda::Function$/,
    reason: /UnreservedConcurrentExecution/i,
    advice: (project) => 'the account has too little concurrency to reserve that much:'
      + ` remove reserved_concurrency from [server], or ${requestQuota(project)}`,
  },
  {
    resource: /^AWS::Lambda::Alias$/,
    reason: /provisioned ?concurren.*(exceed|greater|limit)/i,
    advice: (project) => 'provisioned_concurrency exceeds reserved_concurrency, or the concurrency of the account:'
      + ` lower it in [server], or ${requestQuota(project)}`,
  },
  {
    resource: /^AWS::Lambda::Alias$/,
    reason: /CodeDeploy|alarm/i,
    advice: (project) => 'CodeDeploy rolled back because an alarm of the deployment was raised, or was active before;'
      + ` check the alarms, and "npx pmcp-deploy logs --level error${stageFlags(project)}".`
      + ' To deploy without CodeDeploy: strategy = "all-at-once" in [deployment]',
  },
];

function requestQuota({ region }: Project): string {
  return `request more "Concurrent executions" at https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas`;
}

/** How to fix a resource that failed. */
export function adviceOn({ ResourceType = '', ResourceStatusReason = '' }: StackEvent, project: Project): string {
  const known = KNOWN_FAILURES.find(({ resource, reason }) => resource.test(ResourceType) && reason.test(ResourceStatusReason));
  return known?.advice(project) ?? `fix it, then run: npx pmcp-deploy deploy${stageFlags(project)}`;
}
