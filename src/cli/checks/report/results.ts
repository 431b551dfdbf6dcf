/** The status of a check. With a warning, the server works, and could do better. */
export type Status = 'passed' | 'warning' | 'failed' | 'skipped';

/** Groups of checks. `[post_deploy_tests] checks` has the built-in ones; scenarios and tool calls are requested by options. */
export type Group = 'connectivity' | 'auth' | 'conformance' | 'apps' | 'tool' | 'scenario' | 'mcp-tester' | 'official';

export interface Result {
  readonly group: Group;
  readonly name: string;
  readonly status: Status;

  /** What was found, or what is wrong. */
  readonly detail?: string;
  readonly ms: number;

  /** If true, it failed for a reason outside of the server, such as the network, and says nothing about the server. */
  readonly inconclusive?: true;
}

/** The results of all checks of a server. */
export interface TestRun {
  readonly results: readonly Result[];

  /** The whole answer of the tool that was called. */
  readonly toolAnswer?: Record<string, unknown>;

  /** If true, the server's own domain name does not resolve. */
  readonly unresolved?: boolean;
}

/** The outcome of a check that did not fail. */
export interface CheckOutcome {
  readonly status?: 'passed' | 'warning' | 'skipped';
  readonly detail?: string;
}

/** A failed check. The message says what is wrong. */
export class Failed extends Error {
  /** If true, the reason is outside of the server. */
  public readonly inconclusive: boolean;

  constructor(message: string, { inconclusive = false, cause }: { readonly inconclusive?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.inconclusive = inconclusive;
  }
}

export function warning(detail: string): CheckOutcome {
  return { status: 'warning', detail };
}

export function skipped(detail: string): CheckOutcome {
  return { status: 'skipped', detail };
}

/** Run a check. Any error that it throws is its failure. */
export async function runCheck(group: Group, name: string, work: () => Promise<CheckOutcome | void>): Promise<Result> {
  const started = performance.now();
  const done = (status: Status, detail?: string): Result => ({ group, name, status, detail, ms: Math.round(performance.now() - started) });
  try {
    const { status = 'passed', detail } = await work() ?? {};
    return done(status, detail);
  } catch (error) {
    const failed = done('failed', (error as Error).message);
    return error instanceof Failed && error.inconclusive ? { ...failed, inconclusive: true } : failed;
  }
}

/** Number of checks with each status. */
export interface Counts {
  readonly executed: number;
  readonly passed: number;
  readonly warnings: number;
  readonly failed: number;
  readonly skipped: number;
}

export function count(results: readonly Result[]): Counts {
  const of = (status: Status) => results.filter((result) => result.status === status).length;
  const [passed, warnings, failed] = [of('passed'), of('warning'), of('failed')];
  return { executed: passed + warnings + failed, passed, warnings, failed, skipped: of('skipped') };
}

/** True if at least one test ran, and none failed. */
export function isPassed(results: readonly Result[]): boolean {
  const { executed, failed } = count(results);
  return executed > 0 && failed === 0;
}

/** The verdict of all tests about a server. */
export type Verdict = 'passed' | 'failed' | 'inconclusive';

/** The verdict of all results: "failed" if a failure is the server's, "inconclusive" if all failures have other reasons. */
export function verdictOf(results: readonly Result[]): Verdict {
  if (isPassed(results)) return 'passed';
  return results.some(({ status, inconclusive }) => status === 'failed' && !inconclusive) ? 'failed' : 'inconclusive';
}
