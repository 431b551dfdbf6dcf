import { CliError } from './errors';

const MAX_SHOWN = 200;

/** Control and format characters, spaces and line breaks: parsers drop some of them, and terminals obey others. */
const NOT_IN_URLS = /[\p{C}\p{Z}\\]/u;

/** A value from outside for a message: in quotes, with everything but plain characters escaped. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  const plain = text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN)}…` : plain;
}

/** Text of others in one line: what could steer a terminal is left out. */
export function plainText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MAX_SHOWN);
}

/** Whether a URL is of this machine, so that what is sent there does not leave it. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

/**
 * A URL of the web, as it was understood: use what is returned, not what was given.
 *
 * @param what what the URL is, for the message
 * @throws CliError when it is not http or https, or has parts that programs read differently
 */
export function webUrl(value: unknown, what: string): string {
  return parse(value, what).href;
}

/**
 * A URL that may be opened, or that tokens may be sent to: https, or http on this machine. Use what is returned, not what was given.
 *
 * @param what what the URL is, for the message
 * @param namedBy where the URL was found; other machines do not get to name addresses of this one
 * @throws CliError for any other URL
 */
export function secureUrl(value: unknown, what: string, namedBy?: string): string {
  const url = parse(value, what);
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw refused(what, value, 'it must be https (http is for this machine only), since everyone on the way could read what is sent there');
  }
  if (namedBy !== undefined && isLoopback(url) && !isLoopback(new URL(namedBy))) {
    throw refused(what, value, `${new URL(namedBy).host} is another machine, and must not send anything to this one`);
  }
  return url.href;
}

function parse(value: unknown, what: string): URL {
  if (typeof value !== 'string' || !URL.canParse(value)) throw refused(what, value, 'that is not a URL');
  if (NOT_IN_URLS.test(value)) throw refused(what, value, 'it has characters that a URL does not have');
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(what, value, 'it must be https (or http on this machine)');
  if (url.username !== '' || url.password !== '') {
    // A password is not shown.
    throw refused(what, `${url.protocol}//…@${url.host}${url.pathname}`, 'it must not have a user name or a password');
  }
  return url;
}

function refused(what: string, value: unknown, why: string): CliError {
  return new CliError(`${what} is ${quoted(value)}: ${why}`);
}
