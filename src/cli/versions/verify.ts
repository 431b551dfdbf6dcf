import { restoreLive, type LiveVersions } from './after-deploy';
import { NEW_DOMAIN_GRACE_MS } from '../checks/domain-target';
import { resultLine, summary } from '../checks/report/report';
import { verdictOf, type Result, type Verdict } from '../checks/report/results';
import { runTests } from '../checks/run';
import { stagePlans } from '../checks/stage-plans';
import { stageFlags, type Project } from '../project/project';
import type { StackState } from '../stack/stack';
import { CliError, ExitCode } from '../util/errors';
import { note, warn } from '../util/terminal';

/** What is tested, and how. */
export interface StageTests {
  /** The server, where not all of the stack's are meant. */
  readonly serverName?: string;

  /** The stack as it was before the deployment that is tested. */
  readonly previous?: StackState;
}

/**
 * Runs the tests that deploy.toml wants on each server of a stack, or on one, and shows them.
 *
 * What was deployed is tested, also where a domain name of its own does not lead there yet: the DNS is for its owner to change, often after
 * the first deployment only. A name that cannot be tested at all yet is left with a warning.
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
      warn(`${plan.url} cannot be tested yet: run "npx pmcp-deploy test${stageFlags(project)}" once ${plan.domain?.name} resolves and answers`);
    }
    verdicts.push(pending ? 'passed' : verdict);
  }
  return (['failed', 'inconclusive'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}

/**
 * Tests what was deployed, and does what `[post_deploy_tests] on_failure` says when a test fails.
 *
 * A deployment is rolled back for what its server does, and for nothing else: not for the network of the machine that tests it, and not for a
 * token that has expired.
 *
 * @param before where the aliases pointed to before the deployment
 * @param previous the stack as it was then
 * @throws CliError with exit code 3 when a test fails, unless that is to be a warning
 */
export async function verify(project: Project, stack: StackState, before: LiveVersions, previous?: StackState): Promise<void> {
  const { enabled, on_failure: onFailure } = project.file.deployment.post_deploy_tests;
  const verdict = enabled ? await testStage(project, stack, { previous }) : 'passed';
  if (verdict === 'passed') return;
  if (onFailure === 'warn') {
    const what = verdict === 'failed' ? 'the tests failed' : 'the tests say nothing about the server';
    warn(`${what}; [post_deploy_tests] on_failure = "warn" lets the deployment stand`);
    return;
  }
  if (verdict === 'inconclusive') {
    throw new CliError('deployed, but not verified: what failed above is not the server, so that nothing is rolled back', {
      exitCode: ExitCode.NOT_VERIFIED,
      hint: `look at the network, and at the token, and test it again with: npx pmcp-deploy test${stageFlags(project)}`,
    });
  }
  if (onFailure === 'rollback') throw await rolledBack(project, stack, before);
  throw new CliError('deployed, but the tests failed', {
    exitCode: ExitCode.NOT_VERIFIED,
    // The first deployment has nothing to go back to.
    hint: before.size === 0
      ? `look at what the server says: npx pmcp-deploy logs${stageFlags(project)}`
      : `go back to what was live before with: npx pmcp-deploy rollback${stageFlags(project)}`,
  });
}

async function rolledBack(project: Project, stack: StackState, before: LiveVersions): Promise<CliError> {
  const restored = await restoreLive(project, before).catch((problem: CliError) => problem);
  if (restored instanceof Error) {
    return new CliError(`the tests failed, and the deployment could not be rolled back: ${restored.message}`, {
      exitCode: restored.exitCode,
      hint: `go back to what was live before with: npx pmcp-deploy rollback${stageFlags(project)}`,
      cause: restored,
    });
  }
  if (restored.length === 0) {
    return new CliError('deployed, but the tests failed, and there is no other version to go back to: '
      + (before.size === 0 ? 'this is the first deployment' : 'the deployment has published no new one'), { exitCode: ExitCode.NOT_VERIFIED });
  }
  const versions = restored.map((name) => `${name} is at version ${before.get(name)?.version} again`).join(', ');
  const fails = await testStage(project, stack, { previous: stack }) === 'failed';
  return new CliError(`the tests failed, and the deployment was rolled back: ${versions}${fails ? '; the tests fail there too' : ''}`, {
    exitCode: ExitCode.NOT_VERIFIED,
    hint: `mend it and run: npx pmcp-deploy deploy${stageFlags(project)}`,
  });
}
