import { CliError } from '../util/errors';

/** The result of a check. */
export interface Diagnosis {
  readonly state: 'ok' | 'warning' | 'problem';

  /** What was found. */
  readonly found: string;

  /** What the user can do. */
  readonly hint?: string;

  /** Fix the problem, if that is safe. */
  readonly fix?: (say: (text: string) => void) => Promise<void>;
}

/** A check of something that a deployment needs. */
export interface Check {
  readonly title: string;
  readonly diagnose: () => Promise<Diagnosis>;
}

export function ok(found: string): Diagnosis {
  return { state: 'ok', found };
}

export function warning(found: string, hint?: string, fix?: Diagnosis['fix']): Diagnosis {
  return { state: 'warning', found, hint, fix };
}

export function problem(found: string, hint?: string, fix?: Diagnosis['fix']): Diagnosis {
  return { state: 'problem', found, hint, fix };
}

/** Run a check whose `CliError` is a problem, or a warning if the deployment does not depend on the result. */
export async function withErrorsAsProblems(diagnose: () => Promise<Diagnosis>, toDiagnosis: typeof problem = problem): Promise<Diagnosis> {
  try {
    return await diagnose();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return toDiagnosis(error.message, error.hint);
  }
}
