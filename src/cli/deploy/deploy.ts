import { adviceOn, isVersionThere } from './failure-advice';
import { alarmsThatAreOn, callerAccount, stackToDeploy, type Preflight } from './preflight';
import { ensureBootstrap, recover, type Answers } from './recovery';
import { assemblyFolder, synthesize } from '../project/assembly';
import { cdk } from '../project/cdk';
import { stageFlags, type Project } from '../project/project';
import { ensureTools } from '../project/tools';
import { requireSecrets, withSecrets } from '../secrets/required';
import { deployedStack, eventsSince, findStack, firstFailure, lastEvent, place, type StackState } from '../stack/stack';
import { CliError, ExitCode, Interrupted } from '../util/errors';
import { step, warn } from '../util/terminal';
import {
  howLiveMoved, liveVersions, makeLive, noteOrigin, pruneVersions, publishLatest, restoreLive, type LiveVersions,
} from '../versions/after-deploy';
import { verify } from '../versions/verify';

/** What a deployment may be told. */
export interface DeploymentOptions extends Answers {
  /** Changes code only, past CloudFormation. */
  readonly hotswap?: boolean;

  /** What becomes of a failed deployment: CloudFormation rolls it back, or it stays as it is, to be looked at. */
  readonly onFailure?: 'rollback' | 'keep';

  /**
   * Whether the tests of `[post_deploy_tests]` are run.
   *
   * @default true
   */
  readonly tests?: boolean;
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
export async function deployStage(given: Project, options: DeploymentOptions = {}): Promise<StackState> {
  await step('Tools', async ({ say }) => ensureTools(given, say));
  const { stack } = await preflight(given, options);
  const before = await liveVersions(given, stack);
  const project = afterRollback(await withSecrets(given), stack, before);
  requireSecrets(project);
  await warnOfAlarms(project, stack);
  const { selector } = await step('Build', async () => synthesize(project), { live: true });
  await step('Deploy', async () => {
    const since = stack && stack.status !== 'REVIEW_IN_PROGRESS' ? { stackId: stack.id, event: await lastEvent(project, stack.id) } : undefined;
    try {
      const { code } = await cdk(project, [
        'deploy', selector, '--app', assemblyFolder(project), '--require-approval', 'never', ...cdkOptions(options),
      ], 'progress');
      if (code !== 0) throw await deploymentFailure(project, since);
    } catch (error) {
      if (error instanceof Interrupted) throw await interruption(project);
      // CloudFormation goes back to what it deployed last, which need not be what was live.
      await restoreLive(project, before).catch((problem: Error) => {
        warn(`what was live could not be looked after: ${problem.message}; see with: npx pmcp-deploy rollback --list${stageFlags(project)}`);
      });
      throw error;
    }
  }, { live: true });
  const deployed = await step('Live', async () => finish(project, before, options));
  if (options.tests !== false) await verify(project, deployed, before, stack);
  await pruneVersions(project, deployed);
  return deployed;
}

/** Makes live what was deployed, and reads the stack. */
async function finish(project: Project, before: LiveVersions, { hotswap }: DeploymentOptions): Promise<StackState> {
  const stack = await deployedStack(project);
  await makeLive(project, stack, hotswap);
  await noteOrigin(project, stack, before);
  return stack;
}

/** CodeDeploy would begin with the version that CloudFormation deployed last, which is not the one that is live. */
function afterRollback(project: Project, stack: StackState | undefined, before: LiveVersions): Project {
  const moved = isGradual(project) ? howLiveMoved(stack, before) : undefined;
  if (!moved) return project;
  const why = moved === 'back'
    ? 'the version that was deployed last was rolled back'
    : 'a newer version than CloudFormation knows is live, since a setting changed that the template only refers to,'
      + ' or the code was changed past it';
  warn(`${why}: this deployment goes live at once, the next one step by step again`);
  return { ...project, atOnce: true };
}

/** Whether CodeDeploy moves the traffic. */
function isGradual({ local, atOnce, file }: Project): boolean {
  return !local && !atOnce && file.deployment.deployment.strategy !== 'all-at-once';
}

/** CodeDeploy stops a deployment for an alarm, also for one that was on before; it may go off while the server is built. */
async function warnOfAlarms(project: Project, stack: StackState | undefined): Promise<void> {
  const names = stack && isGradual(project) ? await alarmsThatAreOn(project, stack) : [];
  if (names.length > 0) {
    warn(`${names.join(', ')}: in state ALARM, for which CodeDeploy may stop the deployment and go back; wait until it is over, or deploy at once`
      + ' with strategy = "all-at-once" in [deployment]');
  }
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
    hint: stack && isVersionThere(failure) ? await adviceOnVersion(project, stack) : adviceOn(failure, project),
  });
}

/**
 * Lambda publishes no version of a function that is as it was published last: by "cdk watch" or "cdk deploy --hotswap", for example, which
 * change and publish the function past CloudFormation. Another version in between makes way.
 */
async function adviceOnVersion(project: Project, stack: StackState): Promise<string> {
  const what = 'Lambda has published this very code and configuration already, past CloudFormation'
    + ' (by "cdk watch", "cdk deploy --hotswap" or by hand), and publishes nothing twice.';
  const change = 'Change the code or a setting of the server, and deploy again';
  if (!stack.status.endsWith('ROLLBACK_COMPLETE')) return `${what} ${change}`;
  const published = await publishLatest(project, stack).catch(() => []);
  if (published.length === 0) return `${what} ${change}`;
  return `${what} ${published.join(', ')} was published of what CloudFormation went back to, which makes way: run it again:`
    + ` npx pmcp-deploy deploy${stageFlags(project)}`;
}

/** What goes on in the cloud after a Ctrl-C. */
async function interruption(project: Project): Promise<Interrupted> {
  const stack = await findStack(project);
  if (!stack?.status.endsWith('_IN_PROGRESS') || stack.status === 'REVIEW_IN_PROGRESS') return new Interrupted('interrupted; CloudFormation is not changing anything');
  return new Interrupted(`interrupted, but CloudFormation goes on: stack ${stack.name} in ${place(project)} is ${stack.status}`, `follow it with: npx pmcp-deploy status --watch${stageFlags(project)}`);
}
