import { randomInt } from 'node:crypto';
import { visibleExcept } from '../../util/text/visible';

/*
 * Colours that no text from elsewhere can have: ours carry a mark that only this process knows, and what is written to a terminal
 * passes `painted`, which turns marked colours into real ones and makes everything else visible. A server that sends the sequence of
 * green does not get green.
 */

/** The commands' colours. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

type Paint = (text: string) => string;

/** Parameters of four digits, so that a marked colour is still a sequence without width for what measures text. */
const MARK = Array.from({ length: 3 }, () => randomInt(1000, 10_000)).join(';');

const MARKED = new RegExp(`\\x1b\\[${MARK};(\\d+)m`);

function paint(open: number, close: number): Paint {
  return (text) => `\x1b[${MARK};${open}m${text}\x1b[${MARK};${close}m`;
}

/** The colours. Whether they are wanted is known where the text is written. */
export const colour: Colours = {
  bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), cyan: paint(36, 39),
};

const coloured = visibleExcept(MARKED, ([, code]) => `\x1b[${code}m`);
const plain = visibleExcept(MARKED, () => '');
const marked = visibleExcept(MARKED, ([sequence]) => sequence);

/** A text for a terminal: our colours, or none, and all else visible. */
export function painted(text: string, colours: boolean): string {
  return colours ? coloured(text) : plain(text);
}

/** A text for one line of a terminal, which keeps its marked colours. */
export function paintedLine(text: string): string {
  return marked(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
