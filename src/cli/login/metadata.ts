import { CliError } from '../util/errors';
import { quoted, secureUrl } from '../util/secure-url';

/** The addresses where a sign-in begins. */
export type SignInEndpoint = 'authorization_endpoint' | 'device_authorization_endpoint';

/** A JSON object from somewhere else. */
export type Document = Readonly<Record<string, unknown>>;

/** The addresses of an authorization server that a client, or a checker of tokens, uses. */
const ADDRESSES = [
  'authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint', 'device_authorization_endpoint', 'jwks_uri',
];

/**
 * The authorization server that a protected resource names first (RFC 9728), exactly as it is written there: it is compared as text.
 *
 * @param namedBy the address of the resource
 * @throws CliError when there is none, or its URL is not secure
 */
export function namedIssuer({ authorization_servers: servers }: Document, namedBy: string): string {
  const [issuer] = Array.isArray(servers) ? servers as unknown[] : [];
  if (issuer === undefined) throw new CliError('the metadata name no authorization_servers: clients do not know where to sign in');
  secureUrl(issuer, 'the authorization server', namedBy);
  // RFC 8414, 2; the addresses of the metadata would not have these parts.
  if (/[?#]/.test(issuer as string)) {
    throw new CliError(`the authorization server is ${quoted(issuer)}: an issuer has neither a query nor a fragment`);
  }
  return issuer as string;
}

/** Where the metadata of an issuer may be, in the order in which clients look (RFC 8414, OpenID Connect Discovery). */
export function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const names = ['oauth-authorization-server', 'openid-configuration'].map((name) => `${origin}/.well-known/${name}${path}`);
  return path === '' ? names : [...names, `${origin}${path}/.well-known/openid-configuration`];
}

/**
 * The metadata of an authorization server with addresses that can be used, each as it was understood.
 *
 * @param url where the metadata are from
 * @param issuer whose they should be
 * @throws CliError when they are another issuer's (RFC 8414, 3.3), or an address is not secure
 */
export function ownMetadata(document: Document, url: string, issuer: string): Document {
  if (document.issuer !== issuer) {
    throw new CliError(`${url} is of issuer ${quoted(document.issuer)}, not of ${quoted(issuer)}: clients refuse it`);
  }
  const addresses = ADDRESSES.filter((name) => document[name] !== undefined).map((name) => {
    const address = secureUrl(document[name], `${name} of ${issuer}`, issuer);
    if (address.includes('#')) throw new CliError(`${name} of ${issuer} is ${quoted(address)}: it must not have a fragment`);
    return [name, address];
  });
  return { ...document, ...Object.fromEntries(addresses) as Document };
}

/** Whether the authorization server says who it is in each answer that the browser brings (RFC 9207). */
export function namesItself(metadata: Document): boolean {
  return metadata.authorization_response_iss_parameter_supported === true;
}

/**
 * The two origins that share a sign-in, where the one that shows the page is not the one that gets what comes of it.
 *
 * @param page the address that begins the sign-in
 */
export function twoOrigins(metadata: Document, page: SignInEndpoint): { page: string; token: string } | undefined {
  const [first, token] = [metadata[page], metadata.token_endpoint].map((address) => new URL(String(address)).origin);
  return first === token ? undefined : { page: first, token };
}
