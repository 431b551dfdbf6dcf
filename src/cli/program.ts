import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { register as deploy } from './commands/deploy';
import { register as destroy } from './commands/destroy';
import { register as diff } from './commands/diff';
import { register as local } from './commands/local';
import { register as outputs } from './commands/outputs';
import { register as synth } from './commands/synth';
import { register as test } from './commands/test';

/** In the order of the help. Each file has one command, and loads what it needs when it is run. */
const COMMANDS = [deploy, outputs, test, destroy, diff, synth, local];

/** The command line: `pmcp-deploy <command>`. */
export function createProgram(): Command {
  const program = new Command('pmcp-deploy')
    .description('Deploys MCP servers written in Rust to AWS Lambda.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', '\nExit codes: 0 ok, 1 user error, 2 AWS or network failure, 3 deployed but verification failed, 130 interrupted.');
  COMMANDS.forEach((register) => register(program));
  return program;
}

/** The version of this package, from the package.json above this file, bundled or not. */
function packageVersion(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf-8')) as { name?: string; version: string };
      if (name === 'pmcp-deploy') return version;
    } catch {
      // Look further up.
    }
  }
  return '0.0.0';
}
