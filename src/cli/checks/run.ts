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

/** What to test, and how. */
export interface TestPlan {
  readonly url: string;
  readonly token?: string;

  /** The custom domain name of the URL. While it does not resolve, the tests connect to the target of its DNS records. */
  readonly domain?: CustomDomain;

  /** If true, test what was just deployed: connect to the target of the domain name's DNS records, wherever the DNS points to. */
  readonly direct?: boolean;

  /** If true, requests without a token must be refused. */
  readonly authRequired: boolean;

  /** Groups of built-in checks. Connectivity always runs, and first. */
  readonly checks: ReadonlyArray<'connectivity' | 'conformance' | 'apps'>;

  /** Milliseconds to wait for a server that was just deployed. */
  readonly grace: number;

  /** Seconds for all tests, without those of other programs. */
  readonly timeout: number;

  /** Maximum median latency of a few requests, in milliseconds. */
  readonly maxLatency?: number;

  readonly tool?: { readonly name: string; readonly args: Record<string, unknown> };
  readonly scenarios?: ReadonlyArray<{ readonly file: string; readonly scenario: Scenario }>;

  /** Check the protection of the endpoint from outside. */
  readonly auth?: { readonly signedIn?: UserTokens };

  /** If true, run mcp-tester too, if it is installed. */
  readonly mcpTester: boolean;

  /** Mode in which mcp-tester checks apps. */
  readonly appsMode?: string;

  /** Run this suite of the official conformance tests. */
  readonly officialSuite?: string;
}

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Run the tests of a plan, one after the other.
 *
 * @param onResult receives each result as it comes
 */
export async function runTests(plan: TestPlan, onResult: (result: Result) => void = () => undefined): Promise<TestRun> {
  const results: Result[] = [];
  const add = (...more: readonly Result[]) => more.forEach((result) => {
    results.push(result);
    onResult(result);
  });
  const timeout = plan.timeout * 1000;
  const deadline = AbortSignal.timeout(timeout);
  const { domain } = plan;
  const resolution = domain && await resolveDomain(domain);
  const unresolved = resolution === 'nowhere';
  if (domain && unresolved) add(await runCheck('connectivity', 'DNS', async () => warning(dnsAdvice(domain))));
  const detour = domain && (unresolved || plan.direct) ? { host: domain.name, target: domain.target } : undefined;
  const endpoint: Endpoint = { url: plan.url, token: plan.token, signal: deadline, timeout: Math.min(REQUEST_TIMEOUT_MS, timeout), detour };
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
  add(...await otherPrograms(plan, resolution === 'here' ? undefined : detour));
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

/**
 * Results of the tests that cannot run without a session: the default ones are skipped, those that the user requested fail.
 */
async function withoutSession({ checks, tool, scenarios = [], officialSuite }: TestPlan, locked: boolean): Promise<Result[]> {
  const why = locked
    ? 'needs a token: sign in with "pmcp-deploy login", or set the environment variable PMCP_DEPLOY_TOKEN'
    : 'no session with the server';
  const implied: Array<[Group, string]> = checks.filter((group) => group !== 'connectivity').map((group) => [group, 'all checks']);
  const requested: Array<[Group, string]> = [
    ...tool ? [['tool', `calls ${tool.name}`] satisfies [Group, string]] : [],
    ...scenarios.map(({ scenario }): [Group, string] => ['scenario', scenario.name]),
    ...officialSuite === undefined ? [] : [['official', `suite ${officialSuite}`] satisfies [Group, string]],
  ];
  return Promise.all([
    ...implied.map(async ([group, name]) => runCheck(group, name, async () => skipped(why))),
    // A requested test that does not run is not a success.
    ...requested.map(async ([group, name]) => runCheck(group, name, async () => {
      throw new Failed(why);
    })),
  ]);
}

/** @param detour the target of the tests, if the domain name does not resolve to it */
async function otherPrograms(plan: TestPlan, detour?: Detour): Promise<Result[]> {
  const results: Result[] = [];
  const why = detour && `it connects to where the DNS points, and ${detour.host} does not resolve to ${detour.target}`;
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
  // A requested test that does not run is not a success.
  return [...results, await runCheck('official', `suite ${officialSuite}`, async () => {
    throw new Failed(why, { inconclusive: true });
  })];
}
