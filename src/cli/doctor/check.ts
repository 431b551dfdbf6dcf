import { CliError } from '../util/errors';

/** What was found when something was looked at. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem';

  /** What was found. */
  readonly found: string;

  /** How to mend it. */
  readonly fix?: string;

  /** Mends it, where that is safe. */
  readonly mend?: (say: (text: string) => void) => Promise<void>;
}

/** Something to look at. */
export interface Check {
  readonly title: string;
  readonly look: () => Promise<Finding>;
}

export function ok(found: string): Finding {
  return { state: 'ok', found };
}

export function warning(found: string, fix?: string, mend?: Finding['mend']): Finding {
  return { state: 'warning', found, fix, mend };
}

export function problem(found: string, fix?: string, mend?: Finding['mend']): Finding {
  return { state: 'problem', found, fix, mend };
}

/** What was found, or why it could not be found out, which is a problem unless the deployment does not depend on it. */
export async function explained(look: () => Promise<Finding>, say: typeof problem = problem): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return say(error.message, error.hint);
  }
}
