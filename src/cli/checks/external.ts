import { join } from 'node:path';
import { cargoHome, which } from '../../util/process/which';
import { NPX_PACKAGES } from '../util/npx-packages';
import { runProgram } from '../util/run-program';
import { Failed, runCheck, type Result, type Status } from './report/results';
import { withoutCredentials } from '../../util/process/build-environment';

/** The npm package of the official conformance suite. */
const OFFICIAL = NPX_PACKAGES.conformance;
const OFFICIAL_NEEDS_NODE = 22;

/** Scenarios that use tools, resources and prompts of the reference server. */
const NEEDS_FIXTURES = /^(tools-call-|elicitation-|resources-(read|templates)-|prompts-get-)/;

/** The path of mcp-tester, if it is installed: on PATH, or in cargo's folder of programs. */
export function findMcpTester(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return which('mcp-tester', env) ?? which('mcp-tester', { ...env, PATH: join(cargoHome(env), 'bin') });
}

/** The used parts of a report of mcp-tester. */
interface TesterReport {
  readonly tests?: ReadonlyArray<{
    readonly name?: string;
    readonly status?: string;
    readonly error?: string | null;
    readonly details?: string | null;
    readonly duration?: { readonly secs?: number; readonly nanos?: number };
  }>;
}

const STATUSES: Record<string, Status> = { Passed: 'passed', Warning: 'warning', Failed: 'failed', Skipped: 'skipped' };

/**
 * Run mcp-tester. Each of its tests is a result.
 *
 * @param args arguments of mcp-tester, with the URL
 */
export async function runMcpTester(program: string, args: readonly string[], seconds: number, token?: string): Promise<Result[]> {
  const label = args[0];
  // The token is passed in the environment, because all users of a machine can read arguments.
  const env = { ...process.env, ...token === undefined ? {} : { MCP_API_KEY: token } };
  let reported: Result[] = [];
  const whole = await runCheck('mcp-tester', label, async () => {
    const { code, stdout, stderr } = await runProgram(program, [...args, '--format', 'json', '--timeout', String(seconds)], { env });
    reported = parseTesterOutput(label, stdout);
    if (reported.length === 0) {
      throw new Failed(`mcp-tester ${label} reported no test (exit code ${code}): ${lastLine(stderr || stdout)}`, { inconclusive: true });
    }
    if (code !== 0 && reported.every(({ status }) => status !== 'failed')) {
      throw new Failed(`mcp-tester ${label} ended with exit code ${code}: ${lastLine(stderr)}`, { inconclusive: true });
    }
  });
  return whole.status === 'failed' ? [...reported, whole] : reported;
}

/** The tests in the output of mcp-tester, which prints its JSON last. */
function parseTesterOutput(label: string, stdout: string): Result[] {
  for (let start = stdout.indexOf('{'); start !== -1; start = stdout.indexOf('\n{', start + 1)) {
    try {
      const { tests } = JSON.parse(stdout.slice(start)) as TesterReport;
      return (tests ?? []).map(({ name = '', status = '', error, details, duration = {} }) => ({
        group: 'mcp-tester',
        name: `${label}: ${name}`,
        status: STATUSES[status] ?? 'failed',
        detail: error ?? details ?? undefined,
        ms: Math.round((duration.secs ?? 0) * 1000 + (duration.nanos ?? 0) / 1e6),
      }));
    } catch {
      // Another line that begins with a brace.
    }
  }
  return [];
}

/**
 * Run the official conformance suite with npx. Each of its scenarios is a result.
 *
 * A failed scenario that needs the tools of the reference server is a warning.
 */
export async function runOfficialSuite(url: string, suite: string, nodeVersion: string = process.versions.node): Promise<Result[]> {
  let scenarios: Result[] = [];
  const whole = await runCheck('official', `${OFFICIAL}, suite ${suite}`, async () => {
    const [major] = nodeVersion.split('.').map(Number);
    if (major < OFFICIAL_NEEDS_NODE) throw new Failed(`${OFFICIAL} needs Node.js ${OFFICIAL_NEEDS_NODE}, this is ${nodeVersion}`);
    const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
    const { code, stdout, stderr } = await runProgram(npx, ['--yes', OFFICIAL, 'server', '--url', url, '--suite', suite], {
      // The suite is a package from npm, which must not get AWS credentials.
      env: withoutCredentials(process.env),
      missing: 'npx was not found; it comes with Node.js',
    });
    scenarios = parseOfficialSummary(stdout);
    if (scenarios.length === 0) throw new Failed(`the suite reported no scenario (exit code ${code}): ${lastLine(stderr || stdout)}`);
    return { detail: `${scenarios.length} scenarios` };
  });
  return [...scenarios, whole];
}

/** Parse the summary of the official suite. Its lines have a mark, the scenario, and how many of its checks passed. */
export function parseOfficialSummary(stdout: string): Result[] {
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replace(/\x1b\[[0-9;]*m/g, '');
  const lines = plain.matchAll(/^\s*[✓✔✗✘×]\s+([\w./-]+):\s+(\d+) passed, (\d+) failed.*$/gm);
  return [...lines].map(([, name, passed, failed]) => ({
    group: 'official',
    name,
    ...officialOutcome(name, Number(passed), Number(failed)),
    ms: 0,
  }));
}

function officialOutcome(name: string, passed: number, failed: number): Pick<Result, 'status' | 'detail'> {
  const detail = `${passed} checks passed, ${failed} failed`;
  if (failed > 0 && NEEDS_FIXTURES.test(name)) return { status: 'warning', detail: `${detail}; needs the reference server` };
  if (failed > 0) return { status: 'failed', detail };
  return passed > 0 ? { status: 'passed', detail } : { status: 'skipped', detail: 'nothing was checked' };
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop()?.trim() || 'no output';
}
