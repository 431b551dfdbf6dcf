/** What became of a check. A warning is no failure: the server works, and could do better. */
export type Status = 'passed' | 'warning' | 'failed' | 'skipped';

/** What `[post_deploy_tests] checks` chooses from; scenarios and tool calls are asked for by themselves. */
export type Group = 'connectivity' | 'auth' | 'conformance' | 'apps' | 'tool' | 'scenario' | 'mcp-tester' | 'official';

export interface Result {
  readonly group: Group;
  readonly name: string;
  readonly status: Status;

  /** What was found, or what is wrong. */
  readonly detail?: string;
  readonly ms: number;

  /** It failed for a reason that is not the server's, such as the network, and says nothing about the server. */
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

/** What a check found, when it did not fail. */
export interface CheckOutcome {
  readonly status?: 'passed' | 'warning' | 'skipped';
  readonly detail?: string;
}

/** A check that did not pass, with what is wrong. */
export class Failed extends Error {
  /** The reason is not the server's: the check says nothing about it. */
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

/** Runs one check; whatever it throws is its failure. */
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

/** How many checks had each outcome. */
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

/** Whether tests were run, and none failed: nothing tested is nothing passed. */
export function isPassed(results: readonly Result[]): boolean {
  const { executed, failed } = count(results);
  return executed > 0 && failed === 0;
}

/** What tests say about a server. */
export type Verdict = 'passed' | 'failed' | 'inconclusive';

/** What all results say together: one failure that is the server's is enough; without one, failures of other reasons say nothing. */
export function verdictOf(results: readonly Result[]): Verdict {
  if (isPassed(results)) return 'passed';
  return results.some(({ status, inconclusive }) => status === 'failed' && !inconclusive) ? 'failed' : 'inconclusive';
}
