import { restoreLive, type LiveVersions } from './live-versions';
import { NEW_DOMAIN_GRACE_MS } from '../checks/domain-target';
import { resultLine, summary } from '../checks/report/report';
import { verdictOf, type Result, type Verdict } from '../checks/report/results';
import { runTests } from '../checks/run';
import { stagePlans } from '../checks/stage-plans';
import { stageFlags, type Project } from '../project/project';
import type { StackState } from '../stack/stack';
import { CliError, ExitCode } from '../util/errors';
import { note, warn } from '../util/terminal';

export interface StageTests {
  /** @default - all servers of the stack */
  readonly serverName?: string;

  /** The stack before the deployment. */
  readonly previous?: StackState;
}

/**
 * Run the tests of `[post_deploy_tests]` against the servers of a stack, and show the results.
 *
 * A custom domain is tested at its target, even if the DNS does not resolve to the target yet, because its owner often changes the DNS
 * after the first deployment. A domain that cannot be tested at all yet causes a warning.
 */
export async function testStage(project: Project, stack: StackState, { serverName, previous }: StageTests = {}): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const plan of await stagePlans(project, serverName, stack)) {
    note(`Tests of ${plan.url}`);
    const isNew = plan.domain !== undefined && previous?.outputs.every(({ value }) => value !== plan.domain?.target) !== false;
    const grace = isNew ? Math.max(plan.grace, NEW_DOMAIN_GRACE_MS) : plan.grace;
    const show = (result: Result) => result.status === 'skipped' || note(`  ${resultLine(result)}`);
    const run = await runTests({ ...plan, direct: true, grace }, show);
    note(`  ${summary(run.results)}`);
    const verdict = verdictOf(run.results);
    const pending = verdict === 'inconclusive' && (isNew || run.unresolved);
    if (pending) {
      warn(`${plan.url} cannot be tested yet: run "npx pmcp-deploy test${stageFlags(project)}"`
        + ` when ${plan.domain?.name} resolves and answers`);
    }
    verdicts.push(pending ? 'passed' : verdict);
  }
  return (['failed', 'inconclusive'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}

/**
 * Test a deployment. If a test fails, do what `[post_deploy_tests] on_failure` says.
 *
 * Only failures of the server roll back the deployment, not a network failure of this machine or an expired token.
 *
 * @param before the live versions before the deployment
 * @param previous the stack before the deployment
 * @throws CliError with exit code 3 if a test fails, unless `on_failure` is "warn"
 */
export async function verify(project: Project, stack: StackState, before: LiveVersions, previous?: StackState): Promise<void> {
  const { enabled, on_failure: onFailure } = project.file.deployment.post_deploy_tests;
  const verdict = enabled ? await testStage(project, stack, { previous }) : 'passed';
  if (verdict === 'passed') return;
  if (onFailure === 'warn') {
    const what = verdict === 'failed' ? 'the tests failed' : 'the tests could not check the server';
    warn(`${what}; the deployment stays live, because [post_deploy_tests] on_failure is "warn"`);
    return;
  }
  if (verdict === 'inconclusive') {
    throw new CliError('deployed, but not verified: the failures above are not of the server, so nothing is rolled back', {
      exitCode: ExitCode.NOT_VERIFIED,
      hint: `check the network and the token, then test again with: npx pmcp-deploy test${stageFlags(project)}`,
    });
  }
  if (onFailure === 'rollback') throw await rolledBack(project, stack, before);
  throw new CliError('deployed, but the tests failed', {
    exitCode: ExitCode.NOT_VERIFIED,
    // There is no version to go back to after the first deployment.
    hint: before.size === 0
      ? `see the logs of the server: npx pmcp-deploy logs${stageFlags(project)}`
      : goBackHint(project),
  });
}

async function rolledBack(project: Project, stack: StackState, before: LiveVersions): Promise<CliError> {
  const restored = await restoreLive(project, before).catch((problem: CliError) => problem);
  if (restored instanceof Error) {
    return new CliError(`the tests failed, and the deployment could not be rolled back: ${restored.message}`, {
      exitCode: restored.exitCode,
      hint: goBackHint(project),
      cause: restored,
    });
  }
  if (restored.length === 0) {
    const reason = before.size === 0 ? 'this is the first deployment' : 'the deployment did not publish a new one';
    return new CliError(`deployed, but the tests failed, and there is no other version to go back to: ${reason}`, {
      exitCode: ExitCode.NOT_VERIFIED,
    });
  }
  const versions = restored.map((name) => `${name} is back at version ${before.get(name)?.version}`).join(', ');
  const fails = await testStage(project, stack, { previous: stack }) === 'failed';
  return new CliError(`the tests failed, and the deployment was rolled back: ${versions}${fails ? '; the tests fail there too' : ''}`, {
    exitCode: ExitCode.NOT_VERIFIED,
    hint: `fix it, then run: npx pmcp-deploy deploy${stageFlags(project)}`,
  });
}

function goBackHint(project: Project): string {
  return `go back to the version that was live before with: npx pmcp-deploy rollback${stageFlags(project)}`;
}
