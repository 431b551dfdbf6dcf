import type { RegistrationSettings } from '../../auth/discovery/handler-settings';

/** A client as it will be registered. */
export interface AcceptedClient {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
}

/** Why a client is not registered: an error code of RFC 7591, and words for whoever wrote the client. */
export class RefusedClient extends Error {
  constructor(public readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata', message: string) {
    super(message);
  }
}

const MAX_REDIRECT_URIS = 10;
const MAX_URI_LENGTH = 1024;
const MAX_NAME_LENGTH = 64;

type Rules = Pick<RegistrationSettings, 'redirectUris' | 'redirectPrefixes' | 'allowedScopes' | 'defaultScopes'>;

/** @throws RefusedClient when the metadata of RFC 7591 ask for what is not given */
export function acceptClient(metadata: unknown, rules: Rules): AcceptedClient {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) throw new RefusedClient('invalid_client_metadata', 'the body must be a JSON object');
  const { redirect_uris: uris, grant_types: grants, response_types: responses, scope, client_name: name } = metadata as Record<string, unknown>;
  if (grants !== undefined && !(isListOf(grants, ['authorization_code', 'refresh_token']) && grants.includes('authorization_code'))) {
    throw new RefusedClient('invalid_client_metadata', 'grant_types must be authorization_code, with or without refresh_token');
  }
  if (responses !== undefined && !isListOf(responses, ['code'])) throw new RefusedClient('invalid_client_metadata', 'response_types must be code');
  return { name: nameOf(name), redirectUris: redirectUris(uris, rules), scopes: scopesOf(scope, rules) };
}

function isListOf(value: unknown, allowed: readonly string[]): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => allowed.includes(each));
}

function redirectUris(uris: unknown, rules: Rules): string[] {
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > MAX_REDIRECT_URIS) {
    throw new RefusedClient('invalid_redirect_uri', `redirect_uris must be an array of 1 to ${MAX_REDIRECT_URIS} URIs`);
  }
  const refused = uris.findIndex((uri) => typeof uri !== 'string' || uri.length > MAX_URI_LENGTH || !(isLoopback(uri) || isKnown(uri, rules)));
  if (refused >= 0) {
    throw new RefusedClient('invalid_redirect_uri',
      `redirect_uris[${refused}] is not allowed: it must be http://localhost, http://127.0.0.1 or http://[::1] with any port, or an address that this server knows`);
  }
  return [...new Set(uris as string[])];
}

/** The whole URI, in plain characters: no user name, no fragment, no query, no dots that lead elsewhere, nothing that parsers read differently. */
function isLoopback(uri: string): boolean {
  const match = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(?:\/[A-Za-z0-9._~/-]*)?$/.exec(uri);
  return match !== null && (match[1] === undefined || (Number(match[1]) > 0 && Number(match[1]) <= 65_535)) && !/\/\.{1,2}(?:\/|$)/.test(uri);
}

function isKnown(uri: string, rules: Rules): boolean {
  return rules.redirectUris.includes(uri)
    || rules.redirectPrefixes.some((prefix) => uri.startsWith(prefix) && /^[A-Za-z0-9_-]{1,128}$/.test(uri.slice(prefix.length)));
}

/**
 * Unknown scopes are left out, as RFC 7591 allows; the answer says what is left. A client that names no scope gets the default ones, which the limit holds
 * for as well.
 */
function scopesOf(scope: unknown, rules: Rules): string[] {
  const unnamed = scope === undefined || scope === '';
  const asked = unnamed ? rules.defaultScopes : typeof scope === 'string' ? scope.split(' ') : [];
  const granted = rules.allowedScopes.filter((each) => asked.includes(each));
  if (granted.length === 0) throw new RefusedClient('invalid_client_metadata', `scope must have one of: ${rules.allowedScopes.join(' ')}`);
  return granted;
}

/** People see the name where they sign in, and administrators in the pool: plain characters only. */
function nameOf(name: unknown): string {
  const plain = typeof name === 'string' ? name.slice(0, 1000).normalize('NFKD').replace(/[^A-Za-z0-9 .,@+=_-]+/g, ' ').replace(/ +/g, ' ').trim() : '';
  return plain.slice(0, MAX_NAME_LENGTH).trim() || 'MCP client';
}
