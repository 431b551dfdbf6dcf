import { runAppChecks } from './apps';
import { runAuthChecks } from './auth';
import { runConformanceChecks, type Inventory } from './conformance';
import { openSessions } from './connectivity';
import { dnsAdvice, resolveDomain, type CustomDomain } from './domain-target';
import { findMcpTester, runMcpTester, runOfficialSuite } from './external';
import type { Endpoint } from './protocol/http';
import type { Detour } from './protocol/request';
import type { McpSession } from './protocol/session';
import { runCheck, Failed, skipped, warning, type Group, type Result, type TestRun } from './report/results';
import { runScenario, type Scenario } from './scenario/scenario';
import { callTool } from './tool';
import type { UserTokens } from '../login/stored-tokens';

/** What is tested. */
export interface TestPlan {
  readonly url: string;
  readonly token?: string;

  /** The domain name of the URL, where it is the server's own. While the DNS does not know it, the tests go where its records are to point to. */
  readonly domain?: CustomDomain;

  /** What was just deployed is meant, whatever the DNS says: the tests go where the records of the domain name are to point to. */
  readonly direct?: boolean;

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
  readonly auth?: { readonly signedIn?: UserTokens };

  /** Run mcp-tester too, where it is installed. */
  readonly mcpTester: boolean;

  /** For mcp-tester: how apps are checked. */
  readonly appsMode?: string;

  /** Run this suite of the official conformance tests. */
  readonly officialSuite?: string;
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
  const { domain } = plan;
  const found = domain && await resolveDomain(domain);
  const unresolved = found === 'nowhere';
  if (domain && unresolved) add(await runCheck('connectivity', 'DNS', async () => warning(dnsAdvice(domain))));
  const detour = domain && (unresolved || plan.direct) ? { host: domain.name, target: domain.target } : undefined;
  const endpoint: Endpoint = { url: plan.url, token: plan.token, signal: over, timeout: Math.min(REQUEST_TIMEOUT_MS, timeout), detour };
  const { grace, authRequired } = plan;
  const { results: connection, sessions, locked } = await openSessions(endpoint, { grace: Math.min(grace, timeout), authRequired });
  add(...connection);
  if (plan.auth) add(...await runAuthChecks(endpoint, plan.auth.signedIn));
  if (sessions.length === 0) {
    add(...await withoutSession(plan, locked && connection[0].status === 'passed'));
    return { results, unresolved };
  }
  const toolAnswer = await withSessions(plan, endpoint, sessions, add);
  await Promise.all(sessions.map(async (session) => session.close()));
  add(...await otherPrograms(plan, found === 'here' ? undefined : detour));
  return { results, toolAnswer, unresolved };
}

async function withSessions(
  plan: TestPlan, endpoint: Endpoint, sessions: readonly McpSession[], add: (...results: readonly Result[]) => void,
): Promise<Record<string, unknown> | undefined> {
  let inventory: Inventory | undefined;
  if (plan.checks.includes('conformance')) {
    const conformance = await runConformanceChecks(endpoint, sessions, plan.maxLatency);
    add(...conformance.results);
    inventory = conformance.inventory;
  }
  const [session] = sessions;
  if (plan.checks.includes('apps')) {
    inventory ??= { tools: session.capabilities.tools === undefined ? [] : await session.list('tools').catch(() => []) };
    add(...await runAppChecks(session, inventory));
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
    ...implied.map(async ([group, name]) => runCheck(group, name, async () => skipped(why))),
    // Asked for by name, and not done: that is no success.
    ...asked.map(async ([group, name]) => runCheck(group, name, async () => {
      throw new Failed(why);
    })),
  ]);
}

/** @param detour where the tests go, and the DNS does not lead */
async function otherPrograms(plan: TestPlan, detour?: Detour): Promise<Result[]> {
  const results: Result[] = [];
  const why = detour && `it can go where the DNS leads only, and ${detour.host} does not lead to ${detour.target}`;
  const program = plan.mcpTester ? findMcpTester() : undefined;
  if (program && why) {
    results.push(await runCheck('mcp-tester', 'all checks', async () => skipped(why)));
  } else if (program) {
    const tester = async (...args: string[]) => results.push(...await runMcpTester(program, args, plan.timeout, plan.token));
    if (plan.checks.includes('conformance')) await tester('conformance', plan.url);
    if (plan.checks.includes('apps')) await tester('apps', plan.url, ...plan.appsMode === undefined ? [] : ['--mode', plan.appsMode]);
    for (const { file } of plan.scenarios ?? []) await tester('scenario', plan.url, file);
  }
  const { officialSuite } = plan;
  if (officialSuite === undefined) return results;
  if (!why) return [...results, ...await runOfficialSuite(plan.url, officialSuite)];
  // Asked for by name, and not done: that is no success.
  return [...results, await runCheck('official', `suite ${officialSuite}`, async () => {
    throw new Failed(why, { inconclusive: true });
  })];
}
