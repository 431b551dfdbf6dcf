import { CliError, ExitCode } from '../errors';
import { sameStage, type Project } from '../project';
import type { StackState } from '../stack';
import { note, warn } from '../terminal';
import { restoreLive, type LiveVersions } from './after-deploy';
import { resultLine, summary } from '../tests/report';
import { isPassed, type Result } from '../tests/results';
import { runTests } from '../tests/run';
import { stagePlans } from '../tests/stage';

/** Runs the tests that deploy.toml wants on each server of a stack, or on one; shows them, and tells whether they passed. */
export async function testStage(project: Project, stack: StackState, serverName?: string): Promise<boolean> {
  let passed = true;
  for (const plan of await stagePlans(project, serverName, stack)) {
    note(`Tests of ${plan.url}`);
    const { results } = await runTests(plan, (result: Result) => result.status === 'skipped' || note(`  ${resultLine(result)}`));
    note(`  ${summary(results)}`);
    passed &&= isPassed(results);
  }
  return passed;
}

/**
 * Tests what was deployed, and does what `[post_deploy_tests] on_failure` says when a test fails.
 *
 * @param before where the aliases pointed to before the deployment
 * @throws CliError with exit code 3 when a test fails, unless that is to be a warning
 */
export async function verify(project: Project, stack: StackState, before: LiveVersions): Promise<void> {
  const { enabled, on_failure: onFailure } = project.file.deployment.post_deploy_tests;
  if (!enabled || await testStage(project, stack)) return;
  if (onFailure === 'warn') {
    warn('the tests failed; [post_deploy_tests] on_failure = "warn" lets the deployment stand');
    return;
  }
  if (onFailure === 'rollback') throw await rolledBack(project, stack, before);
  throw new CliError('deployed, but the tests failed', {
    exitCode: ExitCode.NOT_VERIFIED,
    // The first deployment has nothing to go back to.
    hint: before.size === 0
      ? `look at what the server says: npx pmcp-deploy logs${sameStage(project)}`
      : `go back to what was live before with: npx pmcp-deploy rollback${sameStage(project)}`,
  });
}

async function rolledBack(project: Project, stack: StackState, before: LiveVersions): Promise<CliError> {
  const restored = await restoreLive(project, before).catch((problem: CliError) => problem);
  if (restored instanceof Error) {
    return new CliError(`the tests failed, and the deployment could not be rolled back: ${restored.message}`, {
      exitCode: restored.exitCode,
      hint: `go back to what was live before with: npx pmcp-deploy rollback${sameStage(project)}`,
      cause: restored,
    });
  }
  if (restored.length === 0) {
    return new CliError('deployed, but the tests failed, and there is no other version to go back to: '
      + (before.size === 0 ? 'this is the first deployment' : 'the deployment has published no new one'), { exitCode: ExitCode.NOT_VERIFIED });
  }
  const versions = restored.map((name) => `${name} is at version ${before.get(name)?.version} again`).join(', ');
  const works = await testStage(project, stack);
  return new CliError(`the tests failed, and the deployment was rolled back: ${versions}${works ? '' : '; the tests fail there too'}`, {
    exitCode: ExitCode.NOT_VERIFIED,
    hint: `mend it and run: npx pmcp-deploy deploy${sameStage(project)}`,
  });
}
