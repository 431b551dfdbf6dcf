import type { Command } from './package-manager';
import { withheldNote } from '../../util/process/build-environment';
import { describeExit, runShown } from '../../util/process/exec';
import { which } from '../../util/process/which';
import { say } from '../../util/stderr';
import { UserError } from '../../util/user-error';

/** Run a command of a widget in its folder, without a shell. Its output is written to stderr, because stdout belongs to the CDK. */
export function runWidgetCommand(name: string, [program, ...args]: Command, folder: string, env: NodeJS.ProcessEnv): void {
  const shown = [program, ...args].join(' ');
  if (which(program, env) === undefined && !/[/\\]/.test(program)) {
    throw new UserError(`widget ${name}: "${program}" was not found in PATH; install it, or set "install" and "build" in [[widgets]] `
      + 'to commands that exist');
  }
  say(`widget ${name}: ${shown}`);
  const outcome = started(() => runShown('output', program, args, { cwd: folder, env }), `widget ${name}`);
  if (outcome.ok) return;
  const note = withheldNote(process.env, env);
  if (note !== undefined) say(note);
  throw new UserError(`widget ${name}: "${shown}" ${describeExit(outcome)} in ${folder}`);
}

function started<T>(start: () => T, what: string): T {
  try {
    return start();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${what}: ${error.message}`) : error;
  }
}
