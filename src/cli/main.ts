import { createProgram } from './program';
import { CliError, ExitCode } from './util/errors';
import { colour, detail, isVerbose, note, showError, showHint } from './util/terminal';
import { UserError } from '../util/user-error';

const ISSUES = 'https://github.com/pmcp-deploy/pmcp-deploy/issues';

/** Show an error to the user, and return its exit code. */
export function report(error: unknown): ExitCode {
  const known = error instanceof CliError || error instanceof UserError;
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  // A UserError may have several lines, each with a position in deploy.toml. They are not indented.
  if (error instanceof UserError) note(`${colour.red('error:')} ${message}`);
  else showError(message);
  if (error instanceof CliError && error.hint) showHint(error.hint);
  if (!known && isVerbose()) detail(stack ?? '');
  if (!known && !isVerbose()) note(`  this is a bug: run again with --verbose, and report the output at ${ISSUES}`);
  if (cause !== undefined) detail(`caused by: ${(cause as Error).stack ?? String(cause)}`);
  return error instanceof CliError ? error.exitCode : ExitCode.USER_ERROR;
}

/** Run the command that the arguments name. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync([...argv]);
    return ExitCode.OK;
  } catch (error) {
    return report(error);
  }
}
