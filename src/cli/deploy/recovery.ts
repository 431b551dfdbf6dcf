import { deleteStack } from './destroy';
import { stageFlags, type Project } from '../project/project';
import { describeTarget, type StackState } from '../stack/stack';
import { CliError, ExitCode } from '../util/errors';
import { confirm, step, type PromptOptions } from '../util/terminal';

/** States of a stack whose first deployment or deletion failed. CloudFormation can only delete it. */
const NEVER_DEPLOYED = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']);

/**
 * Delete a stack that can only be deleted, after a confirmation.
 *
 * @returns the stack that the deployment updates, or undefined if it creates one
 * @throws CliError if the user declines or cannot be asked, or if the user must repair the stack first
 */
export async function recover(
  project: Project, stack: StackState | undefined, { assumeYes }: PromptOptions,
): Promise<StackState | undefined> {
  if (!stack) return undefined;
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    const reason = stack.statusReason ? `: ${stack.statusReason}` : '';
    throw new CliError(`stack ${stack.name} could not go back to the state before its last update (UPDATE_ROLLBACK_FAILED)${reason}`, {
      exitCode: ExitCode.AWS_FAILURE,
      hint: 'fix what blocks the rollback, then run: aws cloudformation continue-update-rollback'
        + ` --stack-name ${stack.name} --region ${project.region}`,
    });
  }
  if (!NEVER_DEPLOYED.has(stack.status)) return stack;
  const operation = stack.status === 'DELETE_FAILED' ? 'deletion' : 'first deployment';
  const problem = `stack ${stack.name} in ${describeTarget(project)} is ${stack.status} after a failed ${operation}`;
  const destroy = `npx pmcp-deploy destroy${stageFlags(project)}`;
  const withoutTerminal = `${problem}, and must be deleted first: run "${destroy}", or deploy with --yes`;
  if (!assumeYes && !await confirm(`${problem}. Delete it and deploy again?`, withoutTerminal)) {
    throw new CliError(problem, { hint: `delete it with: ${destroy}` });
  }
  await step(`Delete stack ${stack.name}`, async (handle) => deleteStack(project, stack, handle));
  return undefined;
}
