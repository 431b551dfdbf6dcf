import type { Readable } from 'node:stream';
import { CliError } from './errors';
import { colour, painted, paintedLine } from './paint';
import { stderrHasColour, stdoutHasColour } from '../../util/text/colours';
import { visibleJson } from '../../util/text/visible';
import { visibleOutput } from '../../util/text/visible-stream';

/*
 * All that the commands write. Results (tables, URLs, JSON) go to standard output, everything else to standard error, so that
 * output can be piped.
 *
 * Whatever is written here is made visible on its way: text from elsewhere is shown, and never obeyed by the terminal. Nothing else in
 * src/cli may write (a rule of the linter), so that no command can forget it.
 */

export { colour, type Colours } from './paint';

/** In CI there is nobody to watch a spinner, or to answer. */
function isCi(): boolean {
  return !!process.env.CI && process.env.CI !== 'false';
}

/** Whether questions may be asked. */
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

/** A line of a result. */
export function print(line: string = ''): void {
  process.stdout.write(`${forStdout(line)}\n`);
}

/**
 * Lines of a result that may go on and on, in one write. A slow reader is waited for.
 */
export async function printLines(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  if (!process.stdout.write(`${forStdout(lines.join('\n'))}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Lines that take the place of what is on the screen, where the output has a screen. */
export function redraw(lines: readonly string[]): void {
  process.stdout.write(`${process.stdout.isTTY ? '\x1b[H\x1b[J' : ''}${forStdout(lines.join('\n'))}\n`);
}

/** Ends the process when the reader of its results has seen enough, such as `head`. Calling it again adds nothing. */
export function endWithReader(): void {
  process.stdout.off('error', endProcess).on('error', endProcess);
}

function endProcess(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
}

/** A line about progress. */
export function note(line: string = ''): void {
  process.stderr.write(`${forStderr(line)}\n`);
}

/** A text whose further lines are indented: what it quotes from elsewhere makes no line that looks like one of ours. */
function indented(text: string): string {
  return text.replace(/\n(?! {2})/g, '\n  ');
}

export function success(line: string): void {
  note(`${colour.green('✔')} ${indented(line)}`);
}

export function warn(line: string): void {
  note(`${colour.yellow('!')} ${indented(line)}`);
}

/** What went wrong, for people. */
export function complain(message: string): void {
  note(`${colour.red('error:')} ${indented(message)}`);
}

/** What to do about it. */
export function advise(hint: string): void {
  note(`  ${indented(hint)}`);
}

/** Text for --verbose. */
export function detail(text: string): void {
  if (verbose) note(colour.dim(indented(text)));
}

/** A result for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value, 2)}\n`);
}

/** A result for programs, on one line. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** A result as a table without lines. */
export async function printTable(rows: readonly (readonly string[])[], head?: readonly string[]): Promise<void> {
  const { default: Table } = await import('cli-table3');
  const bare = Object.fromEntries([
    'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid',
  ].map((place) => [place, '']));
  const table = new Table({
    chars: { ...bare, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, 'head': [], 'border': [] },
    head: head?.map((title) => colour.dim(title)),
  });
  // One line for each row: what comes from elsewhere must not look like another row.
  table.push(...rows.map((row) => row.map(paintedLine)));
  print(table.toString().split('\n').map((line) => line.trimEnd()).join('\n'));
}

/** Shows on standard error what another program writes, while it writes. Resolves when it has ended. */
export async function showOutput(stream: Readable): Promise<void> {
  const filter = visibleOutput(stream, stderrHasColour());
  // Not a pipe: the end of one program is not the end of standard error, and each program would add listeners to it.
  for await (const text of filter) {
    if (!process.stderr.write(text as string)) await new Promise((resolve) => process.stderr.once('drain', resolve));
  }
}

/** For --help and the errors of arguments, which the parser of the command line writes. */
export const parserOutput = {
  writeOut: (text: string) => void process.stdout.write(forStdout(text)),
  writeErr: (text: string) => void process.stderr.write(forStderr(text)),
  outputError: (text: string, write: (text: string) => void) => write(`${indented(text.trimEnd())}\n`),
};

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)}s`;
}

/** What a step may change about itself while it runs. */
export interface Step {
  /** Adds to the step's line what was found. */
  say(text: string): void;
}

export interface StepOptions {
  /** The step's processes write to the terminal themselves: no spinner, a line before and a line after. */
  readonly live?: boolean;
}

/** Runs a part of a command, and shows its progress and how long it took. */
export async function step<T>(title: string, work: (step: Step) => Promise<T>, options: StepOptions = {}): Promise<T> {
  const started = performance.now();
  let said = '';
  const line = () => paintedLine(said ? `${title}  ${colour.dim(said)}` : title);
  const spinning = isInteractive() && !options.live && !verbose;
  const spinner = spinning ? (await import('yocto-spinner')).default({ text: forStderr(line()) }).start() : undefined;
  if (options.live) note(`${colour.cyan('›')} ${line()}`);
  const handle: Step = {
    say: (text) => {
      said = text;
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

/** Asks for a text that is not shown. Undefined when the question was not answered. */
export async function askHidden(question: string): Promise<string | undefined> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.password({ message: forStderr(question), output: process.stderr });
  return prompts.isCancel(answer) ? undefined : answer;
}
