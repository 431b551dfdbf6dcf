import type { Readable } from 'node:stream';
import { CliError } from './errors';
import { colour, painted, paintedLine } from './paint';
import { stderrHasColour, stdoutHasColour } from '../../util/text/colours';
import { visibleJson } from '../../util/text/visible';
import { visibleOutput } from '../../util/text/visible-stream';

/*
 * The output of the commands. `print…` writes results (tables, URLs, JSON) to standard output. The other functions write to standard error,
 * so that results can be piped.
 *
 * Everything that is written is escaped with `painted`, so that untrusted text cannot control the terminal. No other file of src/cli may
 * write to the terminal (a lint rule).
 */

export { colour, type Colours } from './paint';

/** In CI, no one can watch a spinner or answer a question. */
function isCi(): boolean {
  return !!process.env.CI && process.env.CI !== 'false';
}

/** Whether the user can be asked. */
export function isInteractive(): boolean {
  return !!process.stdin.isTTY && !!process.stderr.isTTY && !isCi();
}

let verbose = false;

export function setVerbose(value: boolean): void {
  verbose = value;
}

export function isVerbose(): boolean {
  return verbose;
}

function forStdout(text: string): string {
  return painted(text, stdoutHasColour());
}

function forStderr(text: string): string {
  return painted(text, stderrHasColour());
}

/** Print a line of a result. */
export function print(line: string = ''): void {
  process.stdout.write(`${forStdout(line)}\n`);
}

/** Print lines of an endless result in one write, and wait for a slow reader. */
export async function printLines(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  if (!process.stdout.write(`${forStdout(lines.join('\n'))}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Replace the content of the screen. If standard output is not a terminal, print the lines. */
export function redraw(lines: readonly string[]): void {
  process.stdout.write(`${process.stdout.isTTY ? '\x1b[H\x1b[J' : ''}${forStdout(lines.join('\n'))}\n`);
}

/** End the process when the reader of its results ends, such as `head`. May be called several times. */
export function endWithReader(): void {
  process.stdout.off('error', endProcess).on('error', endProcess);
}

function endProcess(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
}

/** Write a line about progress. */
export function note(line: string = ''): void {
  process.stderr.write(`${forStderr(line)}\n`);
}

/** Indent all lines but the first, so that quoted text cannot look like a line of this tool. */
function indented(text: string): string {
  return text.replace(/\n(?! {2})/g, '\n  ');
}

export function success(line: string): void {
  note(`${colour.green('✔')} ${indented(line)}`);
}

export function warn(line: string): void {
  note(`${colour.yellow('!')} ${indented(line)}`);
}

export function showError(message: string): void {
  note(`${colour.red('error:')} ${indented(message)}`);
}

/** Write what the user can do about an error. */
export function showHint(hint: string): void {
  note(`  ${indented(hint)}`);
}

/** Write a text if --verbose is given. */
export function detail(text: string): void {
  if (verbose) note(colour.dim(indented(text)));
}

/** Print a result as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value, 2)}\n`);
}

/** Print a result as JSON on one line. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** Print a result as a table without borders. */
export async function printTable(rows: readonly (readonly string[])[], head?: readonly string[]): Promise<void> {
  const { default: Table } = await import('cli-table3');
  const bare = Object.fromEntries([
    'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right',
    'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid',
  ].map((border) => [border, '']));
  const table = new Table({
    chars: { ...bare, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, 'head': [], 'border': [] },
    head: head?.map((title) => colour.dim(title)),
  });
  // Each row is one line, so that untrusted text cannot look like another row.
  table.push(...rows.map((row) => row.map(paintedLine)));
  print(table.toString().split('\n').map((line) => line.trimEnd()).join('\n'));
}

/** Show the output of another program on standard error while it runs. Resolves when the output ends. */
export async function showOutput(stream: Readable): Promise<void> {
  const filter = visibleOutput(stream, stderrHasColour());
  // Not pipe(), which would end standard error with the program, and add listeners for each program.
  for await (const text of filter) {
    if (!process.stderr.write(text as string)) await new Promise((resolve) => process.stderr.once('drain', resolve));
  }
}

/** How commander writes --help and errors of arguments. */
export const parserOutput = {
  writeOut: (text: string) => void process.stdout.write(forStdout(text)),
  writeErr: (text: string) => void process.stderr.write(forStderr(text)),
  outputError: (text: string, write: (text: string) => void) => write(`${indented(text.trimEnd())}\n`),
};

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)}s`;
}

/** A running step. */
export interface Step {
  /** Show a detail in the line of the step, instead of the one before. */
  say(text: string): void;
}

export interface StepOptions {
  /** If true, the programs of the step write to the terminal: show a line before and after it instead of a spinner. */
  readonly live?: boolean;
}

/** Run a part of a command, and show its progress and duration. */
export async function step<T>(title: string, work: (step: Step) => Promise<T>, options: StepOptions = {}): Promise<T> {
  const started = performance.now();
  let shown = '';
  const line = () => paintedLine(shown ? `${title}  ${colour.dim(shown)}` : title);
  const spinning = isInteractive() && !options.live && !verbose;
  const spinner = spinning ? (await import('yocto-spinner')).default({ text: forStderr(line()) }).start() : undefined;
  if (options.live) note(`${colour.cyan('›')} ${line()}`);
  const handle: Step = {
    say: (text) => {
      shown = text;
      if (spinner) spinner.text = forStderr(line());
    },
  };
  try {
    const result = await work(handle);
    spinner?.stop();
    note(`${colour.green('✔')} ${line()}  ${colour.dim(seconds(started))}`);
    return result;
  } catch (error) {
    spinner?.stop();
    note(`${colour.red('✖')} ${line()}  ${colour.dim(seconds(started))}`);
    throw error;
  }
}

/** How a command asks for confirmations. */
export interface PromptOptions {
  /** If true, every answer is yes. */
  readonly assumeYes?: boolean;
}

/**
 * Ask a yes-or-no question.
 *
 * @param withoutTerminal message of the error if the user cannot be asked
 * @throws CliError if the user cannot be asked
 */
export async function confirm(question: string, withoutTerminal: string): Promise<boolean> {
  if (!isInteractive()) throw new CliError(withoutTerminal);
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({ message: forStderr(question), initialValue: false, output: process.stderr });
  return answer === true;
}

/** Ask for a text without showing it. Undefined if the user cancels. */
export async function askHidden(question: string): Promise<string | undefined> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.password({ message: forStderr(question), output: process.stderr });
  return prompts.isCancel(answer) ? undefined : answer;
}
