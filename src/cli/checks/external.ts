import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { NPX_PACKAGES } from '../util/npx-packages';
import { runProgram } from '../util/run-program';
import { runCheck, Failed, type Result, type Status } from './report/results';

/** The package of the official suite. */
const OFFICIAL = NPX_PACKAGES.conformance;
const OFFICIAL_NEEDS_NODE = 22;

/** Scenarios that call tools, read resources and get prompts by names that a reference server has. */
const NEEDS_FIXTURES = /^(tools-call-|elicitation-|resources-(read|templates)-|prompts-get-)/;

/** Where mcp-tester is, when it is installed: on PATH, or where cargo puts programs. */
export function findMcpTester(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const program = process.platform === 'win32' ? 'mcp-tester.exe' : 'mcp-tester';
  const folders = [...(env.PATH ?? '').split(delimiter), join(env.CARGO_HOME || join(homedir(), '.cargo'), 'bin')];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** A report of mcp-tester, as far as it is looked at. */
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
 * Runs mcp-tester; each of its tests is a result.
 *
 * @param args its arguments, with the URL
 */
export async function runMcpTester(program: string, args: readonly string[], seconds: number, token?: string): Promise<Result[]> {
  const label = args[0];
  // A token goes by the environment: arguments can be read by all users of a machine.
  const env = { ...process.env, ...token === undefined ? {} : { MCP_API_KEY: token } };
  let reported: Result[] = [];
  const whole = await runCheck('mcp-tester', label, async () => {
    const { code, stdout, stderr } = await runProgram(program, [...args, '--format', 'json', '--timeout', String(seconds)], { env });
    reported = resultsOf(label, stdout);
    if (reported.length === 0) throw new Failed(`mcp-tester ${label} reported no test (exit code ${code}): ${lastLine(stderr || stdout)}`, { inconclusive: true });
    if (code !== 0 && reported.every(({ status }) => status !== 'failed')) throw new Failed(`mcp-tester ${label} ended with exit code ${code}: ${lastLine(stderr)}`, { inconclusive: true });
  });
  return whole.status === 'failed' ? [...reported, whole] : reported;
}

/** mcp-tester prints its JSON last. */
function resultsOf(label: string, stdout: string): Result[] {
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
      // It was another line that begins with a brace.
    }
  }
  return [];
}

/**
 * Runs the official conformance suite by npx; each of its scenarios is a result.
 *
 * A failed scenario that needs the reference server's own tools is a warning.
 */
export async function runOfficialSuite(url: string, suite: string): Promise<Result[]> {
  let scenarios: Result[] = [];
  const whole = await runCheck('official', `${OFFICIAL}, suite ${suite}`, async () => {
    const [major] = process.versions.node.split('.').map(Number);
    if (major < OFFICIAL_NEEDS_NODE) throw new Failed(`${OFFICIAL} needs Node.js ${OFFICIAL_NEEDS_NODE}, this is ${process.versions.node}`);
    const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
    const { code, stdout, stderr } = await runProgram(npx, ['--yes', OFFICIAL, 'server', '--url', url, '--suite', suite], { missing: 'npx was not found: it comes with Node.js' });
    scenarios = parseOfficialSummary(stdout);
    if (scenarios.length === 0) throw new Failed(`the suite reported no scenario (exit code ${code}): ${lastLine(stderr || stdout)}`);
    return { detail: `${scenarios.length} scenarios` };
  });
  return [...scenarios, whole];
}

/** Lines of the suite's summary: a mark, the scenario, and how many of its checks passed. */
export function parseOfficialSummary(stdout: string): Result[] {
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replace(/\x1b\[[0-9;]*m/g, '');
  return [...plain.matchAll(/^\s*([✓✔✗✘×])\s+([\w./-]+):\s+(\d+) passed, (\d+) failed.*$/gm)].map(([, , name, passed, failed]) => ({
    group: 'official',
    name,
    ...verdict(name, Number(passed), Number(failed)),
    ms: 0,
  }));
}

function verdict(name: string, passed: number, failed: number): Pick<Result, 'status' | 'detail'> {
  const detail = `${passed} checks passed, ${failed} failed`;
  if (failed > 0) return NEEDS_FIXTURES.test(name) ? { status: 'warning', detail: `${detail}; needs what only a reference server offers` } : { status: 'failed', detail };
  return passed > 0 ? { status: 'passed', detail } : { status: 'skipped', detail: 'nothing was checked' };
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop()?.trim() || 'it said nothing';
}
