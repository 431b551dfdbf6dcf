import { readFileSync } from 'node:fs';
import { CliError } from '../util/errors';
import { askHidden, isInteractive } from '../util/terminal';

/**
 * Read a value from a file, from standard input, or from a hidden prompt. Never from an argument, because other users of the machine can
 * read those.
 *
 * @param what the value, as in "the value of KEY"
 */
export async function readValue(what: string, file?: string): Promise<string> {
  if (file !== undefined && file !== '-') return withoutFinalLineBreak(readText(file));
  if (file === '-' || !process.stdin.isTTY) return withoutFinalLineBreak(await readInput());
  if (!isInteractive()) {
    throw new CliError(`there is no terminal to ask for ${what}`, { hint: 'give it with --file FILE, or on standard input' });
  }
  const value = await askHidden(`${what[0].toUpperCase()}${what.slice(1)}`);
  if (value === undefined) throw new CliError('nothing was set');
  return value;
}

/** @throws CliError if the file cannot be read */
function readText(path: string): string {
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

/** Remove the final line break, which editors and `echo` append to a value. */
function withoutFinalLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
