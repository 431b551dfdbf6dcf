import { adviceOn, isVersionThere } from './failure-advice';
import { stageFlags, type Project } from '../project/project';
import { describeTarget, eventsSince, findStack, firstFailure, type StackState } from '../stack/stack';
import { CliError, ExitCode, Interrupted } from '../util/errors';
import { publishLatest } from '../versions/live-versions';

/** The state of an existing stack before the deployment. */
export interface DeploymentStart {
  readonly stackId: string;

  /** Id of its newest event. */
  readonly event?: string;
}

/** The error of a failed deployment. It names the resource that failed first, not the last event. */
export async function deploymentFailure(project: Project, start?: DeploymentStart): Promise<CliError> {
  const stack = await findStack(project);
  const events = stack ? await eventsSince(project, stack.id, start?.stackId === stack.id ? start.event : undefined) : [];
  const failure = firstFailure(events);
  const problem = `the deployment of ${project.stackName} failed`;
  if (!failure) return new CliError(`${problem}; the reason is above`, { exitCode: ExitCode.AWS_FAILURE });
  const { LogicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason } = failure;
  return new CliError(`${problem} at ${LogicalResourceId} (${ResourceType}), ${ResourceStatus}: ${ResourceStatusReason}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: stack && isVersionThere(failure) ? await adviceOnVersion(project, stack) : adviceOn(failure, project),
  });
}

/**
 * Lambda does not publish a version that equals the latest one. "cdk watch" and "cdk deploy --hotswap", for example, publish versions that
 * CloudFormation does not know. Publishing another version in between resolves this.
 */
async function adviceOnVersion(project: Project, stack: StackState): Promise<string> {
  const reason = 'the same code and configuration were already published outside CloudFormation'
    + ' (by "cdk watch", "cdk deploy --hotswap" or by hand), and Lambda does not publish them again';
  const advice = `${reason}: change the code or a setting of the server, and deploy again`;
  if (!stack.status.endsWith('ROLLBACK_COMPLETE')) return advice;
  const published = await publishLatest(project, stack).catch(() => []);
  if (published.length === 0) return advice;
  return `${reason}. To resolve this, ${published.join(', ')} was published from the code that CloudFormation went back to;`
    + ` run again: npx pmcp-deploy deploy${stageFlags(project)}`;
}

/** The error after Ctrl-C. It says whether CloudFormation continues. */
export async function interruption(project: Project): Promise<Interrupted> {
  const stack = await findStack(project);
  if (!stack?.status.endsWith('_IN_PROGRESS') || stack.status === 'REVIEW_IN_PROGRESS') {
    return new Interrupted('interrupted; CloudFormation is not changing anything');
  }
  return new Interrupted(
    `interrupted, but CloudFormation continues: stack ${stack.name} in ${describeTarget(project)} is ${stack.status}`,
    `follow it with: npx pmcp-deploy status --watch${stageFlags(project)}`,
  );
}
