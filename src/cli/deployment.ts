import { assemblyFolder, synthesize } from './assembly';
import { cdk } from './cdk';
import { CliError, ExitCode, Interrupted } from './errors';
import { callerAccount, stackToDeploy, type Preflight } from './preflight';
import { sameStage, type Project } from './project';
import { ensureBootstrap, recover, type Answers } from './recovery';
import { deployedStack, eventsSince, findStack, firstFailure, lastEvent, place, type StackState } from './stack';
import { step } from './terminal';
import { ensureTools } from './tools';

/** What a deployment may be told. */
export interface DeploymentOptions extends Answers {
  /** Changes code only, past CloudFormation. */
  readonly hotswap?: boolean;

  /** What becomes of a failed deployment: CloudFormation rolls it back, or it stays as it is, to be looked at. */
  readonly onFailure?: 'rollback' | 'keep';
}

/** Checks what a deployment needs of AWS, before anything is built. */
export async function preflight(project: Project, answers: Answers): Promise<Preflight> {
  const { account, stack } = await step('AWS', async ({ say }) => {
    const found = { account: await callerAccount(project), stack: await stackToDeploy(project) };
    say(`account ${found.account}, ${place(project)}, stack ${project.stackName} ${found.stack ? `is ${found.stack.status}` : 'is new'}`);
    return found;
  });
  await ensureBootstrap(project, account, answers);
  return { account, stack: await recover(project, stack, answers) };
}

/**
 * Builds and deploys the project's stage.
 *
 * @returns the stack as it is then
 */
export async function deployStage(project: Project, options: DeploymentOptions = {}): Promise<StackState> {
  await step('Tools', async ({ say }) => ensureTools(project, say));
  const { stack } = await preflight(project, options);
  const { selector } = await step('Build', async () => synthesize(project), { live: true });
  await step('Deploy', async () => {
    const since = stack && stack.status !== 'REVIEW_IN_PROGRESS' ? { stackId: stack.id, event: await lastEvent(project, stack.id) } : undefined;
    try {
      const { code } = await cdk(project, [
        'deploy', selector, '--app', assemblyFolder(project), '--require-approval', 'never', ...cdkOptions(options),
      ], 'progress');
      if (code !== 0) throw await deploymentFailure(project, since);
    } catch (error) {
      throw error instanceof Interrupted ? await interruption(project) : error;
    }
  }, { live: true });
  return step('Outputs', async () => deployedStack(project));
}

function cdkOptions({ hotswap, onFailure }: DeploymentOptions): string[] {
  return [...hotswap ? ['--hotswap-fallback'] : [], ...onFailure === 'keep' ? ['--no-rollback'] : []];
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
  if (!stack?.status.endsWith('_IN_PROGRESS') || stack.status === 'REVIEW_IN_PROGRESS') return new Interrupted('interrupted; CloudFormation is not changing anything');
  return new Interrupted(`interrupted, but CloudFormation goes on: stack ${stack.name} in ${place(project)} is ${stack.status}`, `follow it with: npx pmcp-deploy status --watch${sameStage(project)}`);
}
