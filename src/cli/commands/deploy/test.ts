import { Option, type Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { CliError, ExitCode } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { secureUrl, webUrl } from '../../util/secure-url';
import { note, print } from '../../util/terminal';

interface TestOptions extends StageOptions {
  readonly url?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly args?: string;
  readonly scenario?: readonly string[];
  readonly conformance?: string | true;
  readonly auth?: boolean;
  readonly mcpTester: boolean;
  readonly maxLatency?: number;
  readonly timeout?: number;
  readonly json?: boolean;
  readonly junit?: string;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

export function register(program: Command): void {
  const command = program.command('test')
    .description('test a deployed server, or any MCP endpoint, like an MCP client')
    .argument('[url]', 'URL of an MCP endpoint (default: the deployed server)')
    .option('--server <name>', 'server to test, if the stack has several (default: all)')
    .option('--tool <name>', 'call a tool, and check its result against its output schema')
    .option('--args <json>', 'arguments of the tool, as a JSON object')
    .option('--scenario <file...>', 'run scenario files (YAML or JSON, in the format of mcp-tester)')
    .option('--auth', 'check the protection of the endpoint, and whether clients can discover it')
    .addOption(new Option('--conformance [suite]', 'also run the official conformance suite with npx, which needs Node.js 22')
      .preset('active'))
    .option('--no-mcp-tester', 'do not run mcp-tester, even if it is installed')
    .addOption(new Option('--max-latency <ms>', 'fail if the median of a few requests takes longer')
      .argParser(positiveNumber('--max-latency')))
    .addOption(new Option('--timeout <seconds>', 'time for all checks (default: timeout_seconds of [post_deploy_tests], or 60)')
      .argParser(positiveNumber('--timeout')))
    .option('--json', 'print JSON')
    .option('--junit <file>', 'write the results as JUnit XML');
  examples(stageOptions(command),
    ['pmcp-deploy test', 'test the deployed server'],
    ['pmcp-deploy test http://localhost:3000/mcp', 'test a server on this machine'],
    ['pmcp-deploy test --auth', 'check that callers can sign in, and that others are refused'],
    ['pmcp-deploy test --tool date_difference --args \'{"from":"2026-01-01","to":"2026-02-01"}\'', 'call one tool'],
    ['pmcp-deploy test --scenario scenarios/smoke.yaml --junit report.xml', 'run your own scenarios, for CI'])
    .addHelpText('after', [
      '',
      'The bearer token comes from the environment variable PMCP_DEPLOY_TOKEN, or from "pmcp-deploy login".',
      'The exit code is 3 if a test fails or none runs.',
    ].join('\n'));
  command.action(async (url: string | undefined, options: TestOptions) => {
    const { runTests } = await import('../../checks/run');
    const { writeReport, resultLine } = await import('../../checks/report/report');
    const { isPassed } = await import('../../checks/report/results');
    const plans = await plansOf(url, options);
    if (plans.length > 1 && options.junit !== undefined) {
      throw new CliError('--junit writes the report of one server; choose it with --server');
    }
    let passed = true;
    for (const plan of plans) {
      if (!options.json) note(plan.url);
      const run = await runTests(plan, (result) => options.json || print(resultLine(result)));
      writeReport(run, plan.url, options);
      passed &&= isPassed(run.results);
    }
    if (!passed) throw new CliError('the tests did not pass', { exitCode: ExitCode.NOT_VERIFIED });
  });
}

/** The endpoints to test: a URL, or the servers of a stage. */
async function plansOf(url: string | undefined, options: TestOptions) {
  const asked = await requestsOf(options);
  if (url !== undefined) {
    if (options.stage !== undefined || options.local) throw new CliError('a URL cannot be combined with --stage or --local');
    const tested = webUrl(url, 'the URL');
    return [{
      url: tested,
      ...asked,
      ...await signedInTo(tested, options),
      authRequired: options.auth === true,
      checks: ['connectivity', 'conformance', 'apps'] as const,
      grace: 0,
      timeout: options.timeout ?? DEFAULT_TIMEOUT_SECONDS,
    }];
  }
  const { stagePlans } = await import('../../checks/stage-plans');
  const plans = await stagePlans(await openProject(options), options.server);
  return Promise.all(plans.map(async (plan) => ({
    ...plan, ...asked, ...await signedInTo(plan.url, options), timeout: options.timeout ?? plan.timeout, grace: 0,
  })));
}

/** The token of the environment or of "login", and what the checks of --auth need. */
async function signedInTo(url: string, { auth }: TestOptions) {
  const given = process.env.PMCP_DEPLOY_TOKEN || undefined;
  const { storedTokens } = await import('../../login/stored-tokens');
  const stored = given === undefined ? await storedTokens(url) : { accessToken: given };
  const source = given === undefined ? '"login"' : 'PMCP_DEPLOY_TOKEN';
  if (stored) secureUrl(url, `there is a token (of ${source}), and the URL that would get it`);
  return { token: stored?.accessToken, auth: auth ? { signedIn: stored } : undefined };
}

async function requestsOf({ tool, args, scenario = [], conformance, mcpTester, maxLatency }: TestOptions) {
  if (args !== undefined && tool === undefined) throw new CliError('--args needs --tool');
  const { readScenario } = await import('../../checks/scenario/scenario');
  return {
    tool: tool === undefined ? undefined : { name: tool, args: argumentsOf(args) },
    scenarios: scenario.map((file) => ({ file, scenario: readScenario(file) })),
    officialSuite: conformance === true ? 'active' : conformance,
    mcpTester,
    maxLatency,
  };
}

function argumentsOf(text: string = '{}'): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(`--args is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('--args must be a JSON object, such as {"city":"Berlin"}');
  }
  return value as Record<string, unknown>;
}

function positiveNumber(name: string) {
  return (text: string): number => {
    const value = Number(text);
    if (!(value > 0) || !Number.isFinite(value)) throw new CliError(`${name} is ${JSON.stringify(text)}: it must be a number above 0`);
    return value;
  };
}
