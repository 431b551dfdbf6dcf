import { CliError, ExitCode } from './errors';
import { createProgram } from './program';
import { colour, isVerbose, note } from './terminal';
import { UserError } from '../rust/user-error';

/** Prints an error for a user, and says which exit code it has. */
export function report(error: unknown): ExitCode {
  const known = error instanceof CliError || error instanceof UserError;
  const { message, stack, cause } = error as Error;
  note(`${colour.red('error:')} ${known ? message : stack ?? String(error)}`);
  if (error instanceof CliError && error.hint) note(`  ${error.hint}`);
  if (cause !== undefined && isVerbose()) note(colour.dim(`caused by: ${(cause as Error).stack ?? String(cause)}`));
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
