import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { writeAtomic } from '../../util/files';
import { CliError } from '../util/errors';

type Entries = Readonly<Record<string, object>>;

/** Mode of a new file. Configuration files of MCP clients often contain the keys of other servers. */
const PRIVATE = 0o600;

/**
 * Add entries under a key of a JSON file. The rest of the file, its permissions and links to it stay as they are.
 *
 * @throws CliError if the file cannot be parsed, or is not a file. It is not changed then.
 */
export function addToConfiguration(path: string, key: string, entries: Entries): void {
  const { file, mode } = resolveFile(path);
  const before = mode === undefined ? {} : parse(path, readFileSync(file, 'utf-8'));
  const known = before[key] ?? {};
  if (typeof known !== 'object' || Array.isArray(known)) throw new CliError(`"${key}" in ${path} is not an object; nothing was written`);
  const text = `${JSON.stringify({ ...before, [key]: { ...known, ...entries } }, undefined, 2)}\n`;
  writeAtomic(file, text, { mode: mode ?? PRIVATE, flush: true });
}

/** The file, with links resolved, and its permissions if it exists. */
function resolveFile(path: string): { file: string; mode?: number } {
  if (!lstatSync(path, { throwIfNoEntry: false })) return { file: path };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) {
    throw new CliError(`${path} is a link to a file that does not exist; nothing was written`, {
      hint: 'remove the link, or create the file',
    });
  }
  if (!stats.isFile()) throw new CliError(`${path} is not a file; nothing was written`);
  return { file: realpathSync(path), mode: stats.mode % 0o1000 };
}

function parse(path: string, text: string): Record<string, object> {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, object>;
  } catch {
    // It may have comments, which would be lost.
  }
  throw new CliError(`${path} is not plain JSON; nothing was written`, {
    hint: 'add the entry by hand: run the same command without --write',
  });
}
