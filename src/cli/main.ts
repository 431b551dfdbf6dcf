import { createProgram } from './program';
import { CliError, ExitCode } from './util/errors';
import { advise, colour, complain, detail, isVerbose, note } from './util/terminal';
import { UserError } from '../util/user-error';

const ISSUES = 'https://github.com/pmcp-deploy/pmcp-deploy/issues';

/** Prints an error for a user, and says which exit code it has. */
export function report(error: unknown): ExitCode {
  const known = error instanceof CliError || error instanceof UserError;
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  // The lines of a UserError are ours: a place in deploy.toml in each.
  if (error instanceof UserError) note(`${colour.red('error:')} ${message}`);
  else complain(message);
  if (error instanceof CliError && error.hint) advise(error.hint);
  if (!known && isVerbose()) detail(stack ?? '');
  if (!known && !isVerbose()) note(`  this should not happen: run it again with --verbose, and report what it prints at ${ISSUES}`);
  if (cause !== undefined) detail(`caused by: ${(cause as Error).stack ?? String(cause)}`);
  return error instanceof CliError ? error.exitCode : ExitCode.USER_ERROR;
}

/** Runs the command of the arguments. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync([...argv]);
    return ExitCode.OK;
  } catch (error) {
    return report(error);
  }
}
