/*
 * Untrusted text (of servers, logs, issuers, cargo and files) must not control the terminal. Everything that is written to a terminal
 * passes `visible`.
 */

/**
 * Characters that control a terminal, or make text look like other text: C0, DEL, C1, direction controls such as U+202E, line separators,
 * zero-width and tag characters, and lone surrogates. Line feeds, tabs and emoji variation selectors are allowed.
 */
const INVISIBLE = String.raw`(?![\n\t\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/** Most text is plain ASCII, and is not searched further. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;

/** Escape each invisible character of a text, such as `\x1b` or `\u{202e}`. Line feeds and tabs stay. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(EVERY_INVISIBLE, escaped);
}

/**
 * Escape line feeds and tabs too.
 *
 * For untrusted values within a line of this package: with a line feed, a value could imitate another line.
 */
export function oneLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, (character) => (character === '\n' ? '\\n' : '\\t'));
}

/** Convert a value to JSON that is safe on a terminal. Invisible characters become `\uXXXX`, so programs read the same value. */
export function visibleJson(value: unknown, indent?: number): string | undefined {
  const text = JSON.stringify(value, undefined, indent) as string | undefined;
  return text === undefined || PLAIN.test(text) ? text : text.replace(EVERY_INVISIBLE, (character) => (
    character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  ));
}

/** Return a function like `visible` that passes some sequences to `replace` instead of escaping them. */
export function visibleExcept(sequence: RegExp, replace: (sequence: RegExpExecArray) => string): (text: string) => string {
  const either = new RegExp(`(?:${sequence.source})|${INVISIBLE}`, 'gu');
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
