import { excerpt } from './excerpt';
import type { Finding } from './issues';
import { Positions, type Range } from './positions';
import type { Path } from './source';
import type { TomlFile } from './toml';

/** A finding with its place in the file. */
export interface Placed {
  readonly line: number;
  readonly column: number;

  /** `file:line:column: <what>`, then the line itself with a mark. */
  readonly message: string;
}

const START: Range = { line: 1, column: 1, endLine: 1, endColumn: 2 };

/** Finds the places, in the order of the file, each finding once. The file is parsed again for it: only for files with something to say. */
export function place(file: TomlFile, found: readonly Finding[]): Placed[] {
  if (found.length === 0) return [];
  const positions = positionsOf(file.text);
  const placed = found.map((finding) => {
    const range = rangeOf(positions, finding);
    const { line, column } = range;
    return { line, column, message: `${file.shownPath}:${line}:${column}: ${finding.text}\n${excerpt(file.text, range)}` };
  });
  const unique = new Map(placed.map((each) => [each.message, each]));
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A file that one parser takes and the other does not is still reported on, without exact places. */
function positionsOf(text: string): Positions | undefined {
  try {
    return new Positions(text.replace(/^\uFEFF/, ' '));
  } catch {
    return undefined;
  }
}

/** What is missing has the place of the table that it is missing in. */
function rangeOf(positions: Positions | undefined, { path, aboutKey }: Finding): Range {
  const own = aboutKey ? positions?.key(path) ?? positions?.value(path) : positions?.value(path);
  if (own) return own;
  return path.length === 0 ? START : rangeOf(positions, { path: path.slice(0, -1) as Path, text: '' });
}
