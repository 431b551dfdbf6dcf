import { assemblyFolder, synthesize } from './assembly';
import { cdk } from './cdk';
import { CliError, ExitCode, Interrupted } from './errors';
import { callerAccount, requireBootstrap, stackToDeploy, type Preflight } from './preflight';
import { sameStage, type Project } from './project';
import { deployedStack, eventsSince, findStack, firstFailure, lastEvent, place, type StackState } from './stack';
import { step } from './terminal';
import { ensureTools } from './tools';

/** What a deployment may be told. */
export interface DeploymentOptions {
  /** Further arguments of `cdk deploy`. */
  readonly arguments?: readonly string[];
}

/** Checks what a deployment needs of AWS, before anything is built. */
export async function preflight(project: Project): Promise<Preflight> {
  return step('AWS', async ({ say }) => {
    const account = await callerAccount(project);
    await requireBootstrap(project, account);
    const stack = await stackToDeploy(project);
    say(`account ${account}, ${place(project)}, stack ${project.stackName} ${stack ? `is ${stack.status}` : 'is new'}`);
    return { account, stack };
  });
}

/**
 * Builds and deploys the project's stage.
 *
 * @returns the stack as it is then
 */
export async function deployStage(project: Project, options: DeploymentOptions = {}): Promise<StackState> {
  await step('Tools', async ({ say }) => ensureTools(project, say));
  const { stack } = await preflight(project);
  const { selector } = await step('Build', async () => synthesize(project), { live: true });
  await step('Deploy', async () => {
    const since = stack && stack.status !== 'REVIEW_IN_PROGRESS' ? { stackId: stack.id, event: await lastEvent(project, stack.id) } : undefined;
    try {
      const { code } = await cdk(project, [
        'deploy', selector, '--app', assemblyFolder(project), '--require-approval', 'never', ...options.arguments ?? [],
      ]);
      if (code !== 0) throw await deploymentFailure(project, since);
    } catch (error) {
      throw error instanceof Interrupted ? await interruption(project) : error;
    }
  }, { live: true });
  return step('Outputs', async () => deployedStack(project));
}

/** Why a deployment failed: the resource that failed first, not the last event. */
async function deploymentFailure(project: Project, since?: { readonly stackId: string; readonly event?: string }): Promise<CliError> {
  const stack = await findStack(project);
  const events = stack ? await eventsSince(project, stack.id, since?.stackId === stack.id ? since.event : undefined) : [];
  const failure = firstFailure(events);
  if (!failure) return new CliError(`the deployment of ${project.stackName} failed; the reason is above`, { exitCode: ExitCode.AWS_FAILURE });
  const { LogicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason } = failure;
  return new CliError(`the deployment of ${project.stackName} failed at ${LogicalResourceId} (${ResourceType}), ${ResourceStatus}: ${ResourceStatusReason}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: `mend it and run: npx pmcp-deploy deploy${sameStage(project)}`,
  });
}

/** What goes on in the cloud after a Ctrl-C. */
async function interruption(project: Project): Promise<Interrupted> {
  const stack = await findStack(project);
  if (!stack?.status.endsWith('_IN_PROGRESS') || stack.status === 'REVIEW_IN_PROGRESS') return new Interrupted('interrupted before CloudFormation changed anything');
  return new Interrupted(`interrupted, but CloudFormation goes on: stack ${stack.name} in ${place(project)} is ${stack.status}`, `follow it with: npx pmcp-deploy status --watch${sameStage(project)}`);
}
