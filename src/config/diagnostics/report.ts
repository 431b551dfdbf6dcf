import { excerpt, linesOf, printable } from './code-frame';
import type { Finding } from './issues';
import { Positions, type Range } from './positions';
import type { Path, TomlFile } from './source';

/** A finding with its position in the file. */
export interface Placed {
  readonly line: number;
  readonly column: number;

  /** `file:line:column: <message>`, followed by the line with a mark. */
  readonly message: string;
}

const MOST = 100;

const START: Range = { line: 1, column: 1, endLine: 1, endColumn: 2 };

/** Add positions, and sort by them. Only the first finding per key is kept. This parses the file again, but only if there are findings. */
export function place(file: TomlFile, found: readonly Finding[]): Placed[] {
  if (found.length === 0) return [];
  const positions = positionsOf(file.text);
  const unique = new Map<string, Finding>();
  for (const finding of found) {
    const key = JSON.stringify(finding.path);
    if (!unique.has(key)) unique.set(key, finding);
  }
  const lines = linesOf(file.text);
  return [...unique.values()]
    .map((finding) => ({ finding, range: rangeOf(positions, finding) }))
    .sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column)
    .map(({ finding: { text }, range }) => ({
      line: range.line,
      column: range.column,
      get message() { return `${file.shownPath}:${range.line}:${range.column}: ${printable(text)}\n${excerpt(lines, range)}`; },
    }));
}

/** The message with all problems of a file, or the first ones if there are many. */
export function report(file: TomlFile, problems: readonly Finding[]): string {
  const placed = place(file, problems);
  const more = placed.length - MOST;
  return [...placed.slice(0, MOST).map(({ message }) => message), ...(more > 0 ? [`... and ${more} more`] : [])].join('\n');
}

/** If the second parser does not accept the file, findings have no exact positions. */
function positionsOf(text: string): Positions | undefined {
  try {
    return new Positions(text.replace(/^\uFEFF/, ' '));
  } catch {
    return undefined;
  }
}

/** A missing key has the position of its table. */
function rangeOf(positions: Positions | undefined, { path, aboutKey }: Finding): Range {
  const own = aboutKey ? positions?.key(path) ?? positions?.value(path) : positions?.value(path);
  if (own) return own;
  return path.length === 0 ? START : rangeOf(positions, { path: path.slice(0, -1) as Path, text: '' });
}
