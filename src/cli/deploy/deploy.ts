import { ensureBootstrap } from './bootstrap';
import { deploymentFailure, interruption, type DeploymentStart } from './failure';
import { activeAlarms, callerAccount, stackToDeploy } from './preflight';
import { recover } from './recovery';
import { assemblyFolder, synthesize } from '../project/assembly';
import { cdk } from '../project/cdk';
import type { CdkContext } from '../project/cdk-context';
import { stageFlags, type Project } from '../project/project';
import { ensureTools } from '../project/tools';
import { readSecretVersions, requireSecrets } from '../secrets/required';
import { deployedStack, describeTarget, lastEvent, type StackState } from '../stack/stack';
import { Interrupted } from '../util/errors';
import { step, warn, type PromptOptions } from '../util/terminal';
import { liveVersionChange, makeLive, readLiveVersions, restoreLive, type LiveVersions } from '../versions/live-versions';
import { recordOrigin } from '../versions/origin';
import { pruneVersions } from '../versions/prune';
import { verify } from '../versions/verify';

export interface DeploymentOptions extends PromptOptions {
  /** Pass `--hotswap-fallback` to the CDK. */
  readonly hotswap?: boolean;

  /** What happens to a failed deployment: CloudFormation rolls it back, or keeps it so that you can inspect it. */
  readonly onFailure?: 'rollback' | 'keep';

  /**
   * Run the tests of `[post_deploy_tests]`.
   *
   * @default true
   */
  readonly tests?: boolean;
}

/**
 * Build and deploy the project's stage.
 *
 * @returns the deployed stack
 */
export async function deployStage(project: Project, options: DeploymentOptions = {}): Promise<StackState> {
  await step('Tools', async ({ say }) => ensureTools(project, say));
  const stack = await prepareAws(project, options);
  const before = await readLiveVersions(project, stack);
  const secrets = await readSecretVersions(project);
  const allAtOnce = mustBeAllAtOnce(project, stack, before);
  const context: CdkContext = { secrets, allAtOnce };
  requireSecrets(project, secrets);
  if (stack && isGradual(project) && !allAtOnce) await warnAboutAlarms(project, stack);
  const { selector } = await step('Build', async () => synthesize(project, context), { live: true });
  await step('Deploy', async () => {
    const start = stack && stack.status !== 'REVIEW_IN_PROGRESS'
      ? { stackId: stack.id, event: await lastEvent(project, stack.id) }
      : undefined;
    await runDeployment(project, selector, { context, options, before, start });
  }, { live: true });
  const deployed = await step('Live', async () => goLive(project, before, options));
  if (options.tests !== false) await verify(project, deployed, before, stack);
  await pruneVersions(project, deployed);
  return deployed;
}

/** Check the credentials, the CDK bootstrap and the stack before anything is built. */
async function prepareAws(project: Project, options: PromptOptions): Promise<StackState | undefined> {
  const { account, stack } = await step('AWS', async ({ say }) => {
    const found = { account: await callerAccount(project), stack: await stackToDeploy(project) };
    const state = found.stack ? `is ${found.stack.status}` : 'is new';
    say(`account ${found.account}, ${describeTarget(project)}, stack ${project.stackName} ${state}`);
    return found;
  });
  await ensureBootstrap(project, account, options);
  return recover(project, stack, options);
}

interface Run {
  readonly context: CdkContext;
  readonly options: DeploymentOptions;

  /** The live versions before the deployment. */
  readonly before: LiveVersions;
  readonly start?: DeploymentStart;
}

async function runDeployment(project: Project, selector: string, { context, options, before, start }: Run): Promise<void> {
  const { hotswap, onFailure } = options;
  const args = [
    'deploy', selector, '--app', assemblyFolder(project), '--require-approval', 'never',
    ...hotswap ? ['--hotswap-fallback'] : [],
    ...onFailure === 'keep' ? ['--no-rollback'] : [],
  ];
  try {
    const { code } = await cdk(project, args, { context, output: 'progress' });
    if (code !== 0) throw await deploymentFailure(project, start);
  } catch (error) {
    if (error instanceof Interrupted) throw await interruption(project);
    // CloudFormation goes back to the version that it deployed last. After a rollback, that was not the live one.
    await restoreLive(project, before).catch((problem: Error) => {
      warn(`the live version could not be restored: ${problem.message};`
        + ` check it with: npx pmcp-deploy rollback --list${stageFlags(project)}`);
    });
    throw error;
  }
}

/** Make the deployed versions live, and read the stack. */
async function goLive(project: Project, before: LiveVersions, { hotswap }: DeploymentOptions): Promise<StackState> {
  const stack = await deployedStack(project);
  await makeLive(project, stack, hotswap);
  await recordOrigin(project, stack, before);
  return stack;
}

/** Whether CodeDeploy shifts the traffic gradually. */
function isGradual({ local, file }: Project): boolean {
  return !local && file.deployment.deployment.strategy !== 'all-at-once';
}

/** A gradual deployment starts from the version that CloudFormation deployed last. If another one is live, deploy without CodeDeploy. */
function mustBeAllAtOnce(project: Project, stack: StackState | undefined, before: LiveVersions): boolean {
  const change = isGradual(project) ? liveVersionChange(stack, before) : undefined;
  if (!change) return false;
  const reason = change === 'older'
    ? 'the last deployment was rolled back'
    : 'the live version is newer than the last deployment, because a referenced value changed'
      + ' or the code was changed outside CloudFormation';
  warn(`${reason}: this deployment goes live all at once, the next one gradually again`);
  return true;
}

/** CodeDeploy may stop a deployment for an alarm that was active before. The alarm may end while the server is built. */
async function warnAboutAlarms(project: Project, stack: StackState): Promise<void> {
  const names = await activeAlarms(project, stack);
  if (names.length === 0) return;
  warn(`${names.length === 1 ? 'alarm' : 'alarms'} ${names.join(', ')} in state ALARM: CodeDeploy may stop the deployment and roll it back;`
    + ' wait until the state is OK, or set strategy = "all-at-once" in [deployment]');
}
