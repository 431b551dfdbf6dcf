import type { Range } from './positions';

const WIDTH = 100;

/** The lines of a text, numbered from 0. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}

/** Text without control characters, which must not reach a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

/** A line with the value of a key such as `client_secret` masked. */
function masked(line: string): string {
  return line.replace(/(secret["']?\s*=\s*)(\S.*)/i, (_, key: string, value: string) => key + value.replace(/[^\s"']/g, '*'));
}

/** The line of a position with its number, and a mark below the position. */
export function excerpt(lines: readonly string[], range: Range): string {
  const line = masked(printable(lines[range.line - 1] ?? '').trimEnd());
  const start = range.column - 1;
  const end = range.endLine === range.line ? Math.min(range.endColumn - 1, line.length) : line.length;
  const cut = start > WIDTH * 0.7 ? start - Math.floor(WIDTH / 2) : 0;
  const shown = line.slice(cut, cut + WIDTH);
  const gutter = String(range.line);
  const mark = ' '.repeat(start - cut) + '^'.repeat(Math.max(1, Math.min(end, cut + WIDTH) - start));
  return `${`  ${gutter} | ${shown}`.trimEnd()}\n  ${' '.repeat(gutter.length)} | ${mark}`;
}
