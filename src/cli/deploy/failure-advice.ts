import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { stageFlags, type Project } from '../project/project';

/** Lambda had no change to publish; the message is CloudFormation's, in its older and its newer words. */
const VERSION_EXISTS = /A version for this Lambda function exists|Version already exists/i;

/** Whether a deployment failed since Lambda publishes nothing twice. */
export function isVersionThere({ ResourceType, ResourceStatusReason = '' }: StackEvent): boolean {
  return ResourceType === 'AWS::Lambda::Version' && VERSION_EXISTS.test(ResourceStatusReason);
}

/** What is known about a kind of failure. */
interface Known {
  readonly resource: RegExp;
  readonly reason: RegExp;
  readonly advice: (project: Project) => string;
}

const KNOWN: readonly Known[] = [
  {
    // New accounts may run few requests at once, and Lambda keeps a part of the account's concurrency unreserved.
    resource: /^AWS::Lambda::Function$/,
    reason: /UnreservedConcurrentExecution/i,
    advice: (project) => `the account has too little concurrency to reserve that much: take reserved_concurrency out of [server], or ${askForMore(project)}`,
  },
  {
    resource: /^AWS::Lambda::Alias$/,
    reason: /provisioned ?concurren.*(exceed|greater|limit)/i,
    advice: (project) => `the account, or reserved_concurrency, has less than provisioned_concurrency: lower it in [server], or ${askForMore(project)}`,
  },
  {
    resource: /^AWS::Lambda::Alias$/,
    reason: /CodeDeploy|alarm/i,
    advice: (project) => 'CodeDeploy went back: an alarm of the deployment was raised, or was on before; look at the alarms, and at'
      + ` "npx pmcp-deploy logs --level error${stageFlags(project)}". To deploy past CodeDeploy: strategy = "all-at-once" in [deployment]`,
  },
];

function askForMore({ region }: Project): string {
  return `ask for more "Concurrent executions" at https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas`;
}

/** What to do about a resource that failed, where more is known than its reason. */
export function adviceOn({ ResourceType = '', ResourceStatusReason = '' }: StackEvent, project: Project): string {
  const known = KNOWN.find(({ resource, reason }) => resource.test(ResourceType) && reason.test(ResourceStatusReason));
  return known?.advice(project) ?? `mend it and run: npx pmcp-deploy deploy${stageFlags(project)}`;
}
