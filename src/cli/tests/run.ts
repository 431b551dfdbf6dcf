import { apps } from './apps';
import { authChecks, type SignedIn } from './auth';
import { conform, type Inventory } from './conformance';
import { connect } from './connectivity';
import { findMcpTester, mcpTester, official } from './external';
import type { Endpoint } from './http';
import { check, Failed, skipped, type Group, type Result } from './results';
import { runScenario, type Scenario } from './scenario';
import type { Session } from './session';
import { callTool } from './tool';

/** What is tested. */
export interface TestPlan {
  readonly url: string;
  readonly token?: string;

  /** Requests without a token should be refused. */
  readonly authRequired: boolean;

  /** Groups of the own checks; connectivity always comes first. */
  readonly checks: ReadonlyArray<'connectivity' | 'conformance' | 'apps'>;

  /** Milliseconds to wait for a server that was just deployed. */
  readonly grace: number;

  /** Seconds for all of the tests, those of other programs excepted. */
  readonly timeout: number;

  /** Milliseconds that the median of a few requests may take. */
  readonly maxLatency?: number;

  readonly tool?: { readonly name: string; readonly args: Record<string, unknown> };
  readonly scenarios?: ReadonlyArray<{ readonly file: string; readonly scenario: Scenario }>;

  /** Check from outside how the endpoint is protected. */
  readonly auth?: { readonly signedIn?: SignedIn };

  /** Run mcp-tester too, where it is installed. */
  readonly mcpTester: boolean;

  /** For mcp-tester: how apps are checked. */
  readonly appsMode?: string;

  /** Run this suite of the official conformance tests. */
  readonly officialSuite?: string;
}

export interface TestRun {
  readonly results: readonly Result[];

  /** The whole answer of the tool that was called. */
  readonly toolAnswer?: Record<string, unknown>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Runs the tests of a plan, one after the other.
 *
 * @param onResult told each result as it comes
 */
export async function runTests(plan: TestPlan, onResult: (result: Result) => void = () => undefined): Promise<TestRun> {
  const results: Result[] = [];
  const add = (...more: readonly Result[]) => more.forEach((result) => {
    results.push(result);
    onResult(result);
  });
  const timeout = plan.timeout * 1000;
  const over = AbortSignal.timeout(timeout);
  const endpoint: Endpoint = { url: plan.url, token: plan.token, signal: over, timeout: Math.min(REQUEST_TIMEOUT_MS, timeout) };
  const { grace, authRequired } = plan;
  const { results: connection, sessions, locked } = await connect(endpoint, { grace: Math.min(grace, timeout), authRequired });
  add(...connection);
  if (plan.auth) add(...await authChecks(endpoint, plan.auth.signedIn));
  if (sessions.length === 0) {
    add(...await withoutSession(plan, locked && connection[0].status === 'passed'));
    return { results };
  }
  const toolAnswer = await withSessions(plan, endpoint, sessions, add);
  await Promise.all(sessions.map(async (session) => session.close()));
  add(...await otherPrograms(plan));
  return { results, toolAnswer };
}

async function withSessions(
  plan: TestPlan, endpoint: Endpoint, sessions: readonly Session[], add: (...results: readonly Result[]) => void,
): Promise<Record<string, unknown> | undefined> {
  let inventory: Inventory | undefined;
  if (plan.checks.includes('conformance')) {
    const conformance = await conform(endpoint, sessions, plan.maxLatency);
    add(...conformance.results);
    inventory = conformance.inventory;
  }
  const [session] = sessions;
  if (plan.checks.includes('apps')) {
    inventory ??= { tools: session.capabilities.tools === undefined ? [] : await session.list('tools').catch(() => []) };
    add(...await apps(session, inventory));
  }
  let answer: Record<string, unknown> | undefined;
  if (plan.tool) {
    const call = await callTool(session, plan.tool.name, plan.tool.args);
    add(call.result);
    answer = call.answer;
  }
  for (const { scenario } of plan.scenarios ?? []) add(...await runScenario(session, scenario));
  return answer;
}

/** What was asked for and cannot be done without a session: skipped where a token is missing by design, failed else. */
async function withoutSession({ checks, tool, scenarios = [], officialSuite }: TestPlan, locked: boolean): Promise<Result[]> {
  const why = locked ? 'needs a token: sign in with "pmcp-deploy login", or set the environment variable PMCP_DEPLOY_TOKEN' : 'the server cannot be talked to';
  const implied: Array<[Group, string]> = checks.filter((group) => group !== 'connectivity').map((group) => [group, 'all checks']);
  const asked: Array<[Group, string]> = [
    ...tool ? [['tool', `calls ${tool.name}`] satisfies [Group, string]] : [],
    ...scenarios.map(({ scenario }): [Group, string] => ['scenario', scenario.name]),
    ...officialSuite === undefined ? [] : [['official', `suite ${officialSuite}`] satisfies [Group, string]],
  ];
  return Promise.all([
    ...implied.map(async ([group, name]) => check(group, name, async () => skipped(why))),
    // Asked for by name, and not done: that is no success.
    ...asked.map(async ([group, name]) => check(group, name, async () => {
      throw new Failed(why);
    })),
  ]);
}

async function otherPrograms(plan: TestPlan): Promise<Result[]> {
  const results: Result[] = [];
  const program = plan.mcpTester ? findMcpTester() : undefined;
  if (program) {
    const tester = async (...args: string[]) => results.push(...await mcpTester(program, args, plan.timeout, plan.token));
    if (plan.checks.includes('conformance')) await tester('conformance', plan.url);
    if (plan.checks.includes('apps')) await tester('apps', plan.url, ...plan.appsMode === undefined ? [] : ['--mode', plan.appsMode]);
    for (const { file } of plan.scenarios ?? []) await tester('scenario', plan.url, file);
  }
  if (plan.officialSuite !== undefined) results.push(...await official(plan.url, plan.officialSuite));
  return results;
}
