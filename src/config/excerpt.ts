import type { Range } from './positions';

const WIDTH = 100;

/** The line of a place, with its number, and a mark below what is meant. */
export function excerpt(text: string, range: Range): string {
  // A file can have control characters (where it is no valid TOML): they must not reach the terminal.
  const line = (text.split(/\r?\n/)[range.line - 1] ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').trimEnd();
  const start = range.column - 1;
  const end = range.endLine === range.line ? Math.min(range.endColumn - 1, line.length) : line.length;
  const cut = start > WIDTH * 0.7 ? start - Math.floor(WIDTH / 2) : 0;
  const shown = line.slice(cut, cut + WIDTH);
  const gutter = String(range.line);
  const mark = ' '.repeat(start - cut) + '^'.repeat(Math.max(1, Math.min(end, cut + WIDTH) - start));
  return `${`  ${gutter} | ${shown}`.trimEnd()}\n  ${' '.repeat(gutter.length)} | ${mark}`;
}
