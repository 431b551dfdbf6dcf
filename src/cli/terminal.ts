import { createColors } from 'picocolors';
import { CliError } from './errors';

/*
 * All that the commands write. Results (tables, URLs, JSON) go to standard output, everything else to standard error, so that
 * output can be piped.
 */

/** In CI there is nobody to watch a spinner, or to answer. */
function isCi(): boolean {
  return !!process.env.CI && process.env.CI !== 'false';
}

/** Whether questions may be asked. */
export function isInteractive(): boolean {
  return !!process.stdin.isTTY && !!process.stderr.isTTY && !isCi();
}

function hasColour(): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return !!process.stderr.isTTY && !isCi() && process.env.TERM !== 'dumb';
}

/** Colours, or plain text where colours are not wanted. */
export const colour = createColors(hasColour());

let verbose = false;

export function setVerbose(value: boolean): void {
  verbose = value;
}

export function isVerbose(): boolean {
  return verbose;
}

/** A line of a result. */
export function print(line: string = ''): void {
  process.stdout.write(`${line}\n`);
}

/** A line about what goes on. */
export function note(line: string = ''): void {
  process.stderr.write(`${line}\n`);
}

export function success(line: string): void {
  note(`${colour.green('✔')} ${line}`);
}

export function warn(line: string): void {
  note(`${colour.yellow('!')} ${line}`);
}

/** A line for --verbose. */
export function detail(line: string): void {
  if (verbose) note(colour.dim(line));
}

/** A result for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
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
  table.push(...rows.map((row) => [...row]));
  print(table.toString().split('\n').map((line) => line.trimEnd()).join('\n'));
}

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
  const line = () => (said ? `${title}  ${colour.dim(said)}` : title);
  const spinning = isInteractive() && !options.live && !verbose;
  const spinner = spinning ? (await import('yocto-spinner')).default({ text: title }).start() : undefined;
  if (options.live) note(`${colour.cyan('›')} ${title}`);
  const handle: Step = {
    say: (text) => {
      said = text;
      if (spinner) spinner.text = line();
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

/**
 * Asks a yes-or-no question.
 *
 * @throws CliError where nobody can answer
 */
export async function confirm(question: string, withoutTerminal: string): Promise<boolean> {
  if (!isInteractive()) throw new CliError(withoutTerminal);
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({ message: question, initialValue: false, output: process.stderr });
  return answer === true;
}
