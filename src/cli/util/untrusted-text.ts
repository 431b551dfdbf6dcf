import { oneLine } from '../../util/text/visible';

const MAX_SHOWN = 200;

/**
 * An untrusted value for a message, in quotes and shortened. Characters outside ASCII are escaped, because they can look like ASCII ones.
 */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  const ascii = text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return ascii.length > MAX_SHOWN ? `${ascii.slice(0, MAX_SHOWN)}…` : ascii;
}

/** An untrusted text for a message, on one line and shortened. */
export function shortLine(text: string): string {
  return oneLine(text).slice(0, MAX_SHOWN);
}
