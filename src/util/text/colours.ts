/** Return true if output to a stream of this process may have colours. */
function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR && FORCE_COLOR !== '0') return true;
  return !!stream.isTTY && !(CI && CI !== 'false') && TERM !== 'dumb';
}

export function stderrHasColour(): boolean {
  return hasColour(process.stderr);
}

export function stdoutHasColour(): boolean {
  return hasColour(process.stdout);
}

/**
 * Variables that make programs colour output to a pipe. Cargo would also write hyperlinks, whose control characters would be made visible.
 */
export const COLOURS = { CARGO_TERM_COLOR: 'always', CARGO_TERM_HYPERLINKS: 'false', FORCE_COLOR: '1' };
