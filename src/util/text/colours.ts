/** Whether what is written to a stream of this process may be coloured. */
function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR && FORCE_COLOR !== '0') return true;
  return !!stream.isTTY && !(CI && CI !== 'false') && TERM !== 'dumb';
}

/** Whether what is written to standard error may be coloured. */
export function stderrHasColour(): boolean {
  return hasColour(process.stderr);
}

/** Whether what is written to standard output may be coloured. */
export function stdoutHasColour(): boolean {
  return hasColour(process.stdout);
}

/**
 * Variables by which programs colour what they write to a pipe. Links, which cargo would write too, would be shown as what they are
 * made of.
 */
export const COLOURS = { CARGO_TERM_COLOR: 'always', CARGO_TERM_HYPERLINKS: 'false', FORCE_COLOR: '1' };
