import { readFileSync } from 'node:fs';
import { CliError } from '../util/errors';
import { askUnseen, isInteractive } from '../util/terminal';

/**
 * Reads a value from a file, from standard input, or from a prompt that does not show it. Never from an argument: all users can read those.
 *
 * @param what the value, as in "the value of KEY"
 */
export async function readValue(what: string, file?: string): Promise<string> {
  if (file !== undefined && file !== '-') return withoutLineEnd(readText(file));
  if (file === '-' || !process.stdin.isTTY) return withoutLineEnd(await readInput());
  if (!isInteractive()) throw new CliError(`there is nobody to ask for ${what}`, { hint: 'give it with --file FILE, or on standard input' });
  const value = await askUnseen(`${what[0].toUpperCase()}${what.slice(1)}`);
  if (value === undefined) throw new CliError('nothing was set');
  return value;
}

/** @throws CliError when the file can't be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf-8');
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf-8');
}

/** Editors and `echo` end a text with a line end, which is no part of the value. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
