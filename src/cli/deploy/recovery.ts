import { bootstrap, environmentOf, isBootstrapped } from './bootstrap';
import { deleteStack } from './destroy';
import { bootstrapVersion, requireBootstrap } from './preflight';
import { stageFlags, type Project } from '../project/project';
import { place, type StackState } from '../stack/stack';
import { CliError, ExitCode } from '../util/errors';
import { confirm, isInteractive, step } from '../util/terminal';

/** States of a stack that was never deployed to the end, and can only be deleted. */
const NEVER_DEPLOYED = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']);

/** How questions are answered. */
export interface Answers {
  /** All with yes. */
  readonly yes?: boolean;
}

/**
 * Makes sure of the CDK bootstrap: a local AWS just gets one, for another environment the user is asked.
 *
 * @throws CliError with the command to run, where nobody can be asked
 */
export async function ensureBootstrap(project: Project, account: string, { yes }: Answers): Promise<void> {
  if (isBootstrapped(await bootstrapVersion(project))) return;
  if (!project.local && !yes) {
    if (!isInteractive()) return requireBootstrap(project, account);
    if (!await confirm(`${environmentOf(project, account)} is not bootstrapped for the CDK. Do it now?`, '')) return requireBootstrap(project, account);
  }
  await bootstrap(project, account);
}

/**
 * Clears away what is left of a stack that was never deployed to the end, after asking.
 *
 * @returns the stack that a deployment starts from: none after that
 * @throws CliError where nobody can be asked, or where the stack's state wants a decision
 */
export async function recover(project: Project, stack: StackState | undefined, { yes }: Answers): Promise<StackState | undefined> {
  if (!stack) return undefined;
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    throw new CliError(`stack ${stack.name} could not go back to the state before its last update (UPDATE_ROLLBACK_FAILED)${stack.statusReason ? `: ${stack.statusReason}` : ''}`, {
      exitCode: ExitCode.AWS_FAILURE,
      hint: `mend what holds it, then run: aws cloudformation continue-update-rollback --stack-name ${stack.name} --region ${project.region}`,
    });
  }
  if (!NEVER_DEPLOYED.has(stack.status)) return stack;
  const what = `stack ${stack.name} in ${place(project)} is ${stack.status}, left by ${stack.status === 'DELETE_FAILED' ? 'a deletion' : 'a first deployment'} that failed`;
  if (!yes && !await confirm(`${what}. Delete it, and deploy again?`, `${what}, and must be deleted first: run "npx pmcp-deploy destroy${stageFlags(project)}", or deploy with --yes`)) {
    throw new CliError(what, { hint: `delete it with: npx pmcp-deploy destroy${stageFlags(project)}` });
  }
  await step(`Delete stack ${stack.name}`, async (handle) => deleteStack(project, stack, handle));
  return undefined;
}
