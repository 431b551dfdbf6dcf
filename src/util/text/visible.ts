/*
 * Text from elsewhere (servers, logs, issuers, cargo, files) is shown, never obeyed by a terminal. Everything that is written to one
 * passes `visible`.
 */

/**
 * What a terminal obeys, or what makes text look like other text: C0, DEL, C1, controls of direction (U+202E and its like), separators
 * of lines, zero width and tag characters, halves of surrogate pairs. Line feed and tab stay; so do the selectors that make a symbol an
 * emoji.
 */
const UNSEEN = String.raw`(?![\n\t\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

const UNSEEN_ALL = new RegExp(UNSEEN, 'gu');

/** Plain ASCII needs no second look. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;

/** A text in which each character that a terminal would obey is an escape such as `\x1b` or `\u{202e}`. Line feeds and tabs stay. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN_ALL, escaped);
}

/**
 * A visible text on one line: line feeds and tabs are escapes too.
 *
 * For a value from elsewhere that is put into a line of ours: it could make a line that looks like ours.
 */
export function oneLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, (character) => (character === '\n' ? '\\n' : '\\t'));
}

/** A value as JSON that is safe on a terminal: what `visible` escapes is `\uXXXX` in its strings, so that programs read the same value. */
export function visibleJson(value: unknown, indent?: number): string | undefined {
  const text = JSON.stringify(value, undefined, indent) as string | undefined;
  return text === undefined || PLAIN.test(text) ? text : text.replace(UNSEEN_ALL, (character) => (
    character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  ));
}

/** A function that does what `visible` does, but for some sequences that it replaces by itself. */
export function visibleExcept(sequence: RegExp, replace: (sequence: RegExpExecArray) => string): (text: string) => string {
  const either = new RegExp(`(?:${sequence.source})|${UNSEEN}`, 'gu');
  const whole = new RegExp(`^(?:${sequence.source})$`, 'u');
  return (text) => (PLAIN.test(text) ? text : text.replace(either, (found) => {
    const match = whole.exec(found);
    return match ? replace(match) : escaped(found);
  }));
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
