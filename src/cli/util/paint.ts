import { randomInt } from 'node:crypto';
import { visibleExcept } from '../../util/text/visible';

/*
 * Colours that untrusted text cannot have. Our colours carry a mark that only this process knows. Everything that is written to a terminal
 * passes `painted`, which turns marked colours into real ones and escapes all other control sequences.
 */

/** The colours of the output. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

type Paint = (text: string) => string;

/** SGR parameters of four digits: libraries that measure the width of text still recognize a marked colour. */
const MARK = Array.from({ length: 3 }, () => randomInt(1000, 10_000)).join(';');

const MARKED = new RegExp(`\\x1b\\[${MARK};(\\d+)m`);

function paint(open: number, close: number): Paint {
  return (text) => `\x1b[${MARK};${open}m${text}\x1b[${MARK};${close}m`;
}

/** The colours. `painted` removes them if the stream has none. */
export const colour: Colours = {
  bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), cyan: paint(36, 39),
};

const paintMarked = visibleExcept(MARKED, ([, code]) => `\x1b[${code}m`);
const removeMarked = visibleExcept(MARKED, () => '');
const keepMarked = visibleExcept(MARKED, ([sequence]) => sequence);

/** A text for a terminal, with or without our colours, and with all other control sequences escaped. */
export function painted(text: string, colours: boolean): string {
  return colours ? paintMarked(text) : removeMarked(text);
}

/** A text on one line, which keeps its marked colours. */
export function paintedLine(text: string): string {
  return keepMarked(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
