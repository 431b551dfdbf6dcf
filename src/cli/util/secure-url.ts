import { CliError } from './errors';
import { quoted } from './untrusted-text';

/** Characters that a URL must not contain: control and format characters, spaces, line breaks and backslashes. Parsers differ on them. */
const NOT_IN_URLS = /[\p{C}\p{Z}\\]/u;

/** Whether a URL is of this machine, so that requests to it do not leave the machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

/**
 * Check a URL of the web. Use the returned URL, not the given one.
 *
 * @param what what the URL is, for the message
 * @throws CliError if it is not http or https, or has parts that programs parse differently
 */
export function webUrl(value: unknown, what: string): string {
  return parse(value, what).href;
}

/**
 * Check a URL that is opened, or that tokens are sent to: https, or http on this machine. Use the returned URL, not the given one.
 *
 * @param what what the URL is, for the message
 * @param namedBy the URL of the server that named it; another machine must not name a URL of this machine
 * @throws CliError for any other URL
 */
export function secureUrl(value: unknown, what: string, namedBy?: string): string {
  const url = parse(value, what);
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw refused(what, value, 'it must be https (http is for this machine only), because anyone on the network could read what is '
      + 'sent there');
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
    // The message must not contain the password.
    throw refused(what, `${url.protocol}//…@${url.host}${url.pathname}`, 'it must not have a user name or a password');
  }
  return url;
}

function refused(what: string, value: unknown, why: string): CliError {
  return new CliError(`${what} is ${quoted(value)}: ${why}`);
}
