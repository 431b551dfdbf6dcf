import type { RegistrationSettings } from '../../auth/discovery/handler-settings';

/** The checked metadata of a client. */
export interface AcceptedClient {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
}

/** The refusal of a registration: an error code of RFC 7591, and a message for the developer of the client. */
export class RefusedClient extends Error {
  constructor(public readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata', message: string) {
    super(message);
  }
}

const MAX_REDIRECT_URIS = 10;
const MAX_URI_LENGTH = 1024;
const MAX_NAME_LENGTH = 64;

type Rules = Pick<RegistrationSettings, 'redirectUris' | 'redirectPrefixes' | 'allowedScopes' | 'defaultScopes'>;

/** Check the metadata of a client (RFC 7591). @throws RefusedClient if they request something that is not allowed */
export function acceptClient(metadata: unknown, rules: Rules): AcceptedClient {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new RefusedClient('invalid_client_metadata', 'the body must be a JSON object');
  }
  const fields = metadata as Record<string, unknown>;
  const { redirect_uris: uris, grant_types: grants, response_types: responses, scope, client_name: name } = fields;
  if (grants !== undefined && !(isListOf(grants, ['authorization_code', 'refresh_token']) && grants.includes('authorization_code'))) {
    throw new RefusedClient('invalid_client_metadata', 'grant_types must be authorization_code, with or without refresh_token');
  }
  if (responses !== undefined && !isListOf(responses, ['code'])) {
    throw new RefusedClient('invalid_client_metadata', 'response_types must be code');
  }
  return { name: sanitizeName(name), redirectUris: checkRedirectUris(uris, rules), scopes: grantScopes(scope, rules) };
}

function isListOf(value: unknown, allowed: readonly string[]): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => allowed.includes(each));
}

function checkRedirectUris(uris: unknown, rules: Rules): string[] {
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > MAX_REDIRECT_URIS) {
    throw new RefusedClient('invalid_redirect_uri', `redirect_uris must be an array of 1 to ${MAX_REDIRECT_URIS} URIs`);
  }
  const refused = uris.findIndex((uri) => (
    typeof uri !== 'string' || uri.length > MAX_URI_LENGTH || !(isLoopback(uri) || isKnown(uri, rules))
  ));
  if (refused >= 0) {
    throw new RefusedClient('invalid_redirect_uri', `redirect_uris[${refused}] is not allowed: it must be http://localhost, `
      + 'http://127.0.0.1 or http://[::1] with any port, or an address that this server knows');
  }
  return [...new Set(uris as string[])];
}

/**
 * True for a URI on the client's own machine. It may only have plain characters: no user name, fragment, query or dot segments, and
 * nothing that parsers read differently.
 */
function isLoopback(uri: string): boolean {
  const match = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(?:\/[A-Za-z0-9._~/-]*)?$/.exec(uri);
  if (match === null || /\/\.{1,2}(?:\/|$)/.test(uri)) return false;
  return match[1] === undefined || (Number(match[1]) > 0 && Number(match[1]) <= 65_535);
}

function isKnown(uri: string, rules: Rules): boolean {
  return rules.redirectUris.includes(uri)
    || rules.redirectPrefixes.some((prefix) => uri.startsWith(prefix) && /^[A-Za-z0-9_-]{1,128}$/.test(uri.slice(prefix.length)));
}

/**
 * The scopes of a client. Other scopes than the allowed ones are dropped, as RFC 7591 permits; the answer has the remaining ones. A client
 * that requests no scope gets the default ones, if they are allowed.
 */
function grantScopes(scope: unknown, rules: Rules): string[] {
  const isEmpty = scope === undefined || scope === '';
  const requested = isEmpty ? rules.defaultScopes : typeof scope === 'string' ? scope.split(' ') : [];
  const granted = rules.allowedScopes.filter((each) => requested.includes(each));
  if (granted.length === 0) {
    throw new RefusedClient('invalid_client_metadata', `scope must have one of: ${rules.allowedScopes.join(' ')}`);
  }
  return granted;
}

/** Reduce the name to plain characters: users see it on the sign-in page, and administrators in the pool. */
function sanitizeName(name: unknown): string {
  const text = typeof name === 'string' ? name.slice(0, 1000).normalize('NFKD') : '';
  const plain = text.replace(/[^A-Za-z0-9 .,@+=_-]+/g, ' ').replace(/ +/g, ' ').trim();
  return plain.slice(0, MAX_NAME_LENGTH).trim() || 'MCP client';
}
