import { spawnSync } from 'node:child_process';
import type { Command } from './package-manager';
import { UserError } from '../rust/user-error';
import { which } from '../rust/which';

/** Runs a command of a widget in its folder, without a shell; what it prints goes to stderr, since stdout can be the CDK's. */
export function runWidgetCommand(name: string, [program, ...args]: Command, folder: string): void {
  const shown = [program, ...args].join(' ');
  if (which(program, process.env) === undefined && !/[/\\]/.test(program)) {
    throw new UserError(`widget ${name}: "${program}" was not found in PATH; install it, or set "install" and "build" in [[widgets]] to commands that are there`);
  }
  process.stderr.write(`widget ${name}: ${shown}\n`);
  const { error, status, signal } = spawnSync(program, args, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (error) throw new UserError(`widget ${name}: "${shown}" could not be started in ${folder}: ${error.message}`);
  if (status !== 0) throw new UserError(`widget ${name}: "${shown}" ${signal ? `was stopped by ${signal}` : `exited with status ${status}`} in ${folder}`);
}
