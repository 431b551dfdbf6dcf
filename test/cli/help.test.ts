import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program';

/*
 * The help of the command line, whole. A change here is a change to what people type and to what they read.
 */

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function help(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 120 }).outputHelp();
  return text;
}

test.each(allCommands(createProgram()).map((command) => [fullName(command), command]))('%s --help', (_, command) => {
  expect(help(command)).toMatchSnapshot();
});
