import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { sameStage, type Project } from './project';

/** Lambda had no change to publish; the message is CloudFormation's, in its older and its newer words. */
const VERSION_EXISTS = /A version for this Lambda function exists|Version already exists/i;

/** Whether a deployment failed since Lambda publishes nothing twice. */
export function isVersionThere({ ResourceType, ResourceStatusReason = '' }: StackEvent): boolean {
  return ResourceType === 'AWS::Lambda::Version' && VERSION_EXISTS.test(ResourceStatusReason);
}

const ADVICE: ReadonlyArray<readonly [RegExp, (project: Project) => string]> = [
  // New accounts may run ten requests at once, and Lambda keeps a part of the account's concurrency unreserved.
  [/UnreservedConcurrentExecution/i, ({ region }) => 'the account allows too little concurrency to reserve that much of it: take reserved_concurrency out of [server],'
    + ` or ask for more "Concurrent executions" at https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas`],
  [/provisioned ?concurren.*(exceed|greater|limit)/i, ({ region }) => 'the account, or reserved_concurrency, allows less than provisioned_concurrency: lower it in [server],'
    + ` or ask for more "Concurrent executions" at https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas`],
  [/CodeDeploy|deployment.*(alarm|stopped)/i, (project) => 'CodeDeploy has gone back: an alarm of the deployment was raised, or was on already; look at the alarms, and at'
    + ` "npx pmcp-deploy logs --level error${sameStage(project)}". To deploy all at once, past CodeDeploy: strategy = "all-at-once" in [deployment]`],
];

/** What to do about a resource that failed, where more is known than its reason. */
export function adviceOn({ ResourceStatusReason = '' }: StackEvent, project: Project): string {
  const known = ADVICE.find(([reason]) => reason.test(ResourceStatusReason))?.[1](project);
  return known ?? `mend it and run: npx pmcp-deploy deploy${sameStage(project)}`;
}
