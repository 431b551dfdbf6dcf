import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { StackState } from './stack';
import { aws, cloudFormation } from '../aws/clients';
import type { Project } from '../project/project';

/** The resources of a stack, deleted ones included. */
export async function resourcesOf(project: Project, stack: StackState): Promise<StackResourceSummary[]> {
  return aws(project, `reading the resources of stack ${stack.name}`, async () => {
    const { paginateListStackResources } = await import('../aws/sdk/cloudformation');
    const found: StackResourceSummary[] = [];
    for await (const page of paginateListStackResources({ client: await cloudFormation(project) }, { StackName: stack.id })) {
      found.push(...page.StackResourceSummaries ?? []);
    }
    return found;
  });
}
