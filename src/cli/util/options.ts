import type { Command } from 'commander';
import { setVerbose } from './terminal';

/** Add the options of a command that works on a stage. */
export function stageOptions(command: Command): Command {
  return verboseOption(command
    .option('-s, --stage <name>', 'stage of deploy.toml', undefined)
    .option('--local', 'use the local AWS (see "pmcp-deploy local") instead of the real one'));
}

/** Add --verbose. */
export function verboseOption(command: Command): Command {
  return command
    .option('-v, --verbose', 'show the programs that are run, and the cause of errors')
    .hook('preAction', (_, action) => setVerbose(action.opts().verbose === true));
}

/** Add examples to the help: pairs of a command and its purpose. */
export function examples(command: Command, ...pairs: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...pairs.map(([line]) => line.length));
  return command.addHelpText('after', ['', 'Examples:', ...pairs.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)].join('\n'));
}
