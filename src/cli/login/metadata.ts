import { CliError } from '../util/errors';
import { secureUrl } from '../util/secure-url';
import { quoted } from '../util/untrusted-text';

/** The endpoints where a sign-in begins. */
export type SignInEndpoint = 'authorization_endpoint' | 'device_authorization_endpoint';

/** A JSON object from an untrusted source. */
export type JsonDocument = Readonly<Record<string, unknown>>;

/** The addresses in the metadata of an authorization server that clients and token validators use. */
const ADDRESSES = [
  'authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint', 'device_authorization_endpoint', 'jwks_uri',
];

/**
 * The first authorization server of a protected resource (RFC 9728), exactly as it is written there: issuers are compared as text.
 *
 * @param namedBy the address of the resource
 * @throws CliError if the document names none, or its URL is not secure
 */
export function readIssuer({ authorization_servers: servers }: JsonDocument, namedBy: string): string {
  const [issuer] = Array.isArray(servers) ? servers as unknown[] : [];
  if (issuer === undefined) throw new CliError('the metadata have no authorization_servers, so clients do not know where to sign in');
  secureUrl(issuer, 'the authorization server', namedBy);
  // RFC 8414, section 2. The addresses of the metadata are made without these parts.
  if (/[?#]/.test(issuer as string)) {
    throw new CliError(`the authorization server is ${quoted(issuer)}: an issuer has neither a query nor a fragment`);
  }
  return issuer as string;
}

/** The possible addresses of an issuer's metadata, in the order in which clients try them (RFC 8414, OpenID Connect Discovery). */
export function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const names = ['oauth-authorization-server', 'openid-configuration'].map((name) => `${origin}/.well-known/${name}${path}`);
  return path === '' ? names : [...names, `${origin}${path}/.well-known/openid-configuration`];
}

/**
 * Check the metadata of an authorization server. The result has the addresses in the form in which they were parsed.
 *
 * @param url the address of the metadata
 * @param issuer the issuer that they must name
 * @throws CliError if they name another issuer (RFC 8414, section 3.3), or an address is not secure
 */
export function checkServerMetadata(document: JsonDocument, url: string, issuer: string): JsonDocument {
  if (document.issuer !== issuer) {
    throw new CliError(`${url} is for the issuer ${quoted(document.issuer)}, not for ${quoted(issuer)}: clients refuse it`);
  }
  const addresses = ADDRESSES.filter((name) => document[name] !== undefined).map((name) => {
    const address = secureUrl(document[name], `${name} of ${issuer}`, issuer);
    if (address.includes('#')) throw new CliError(`${name} of ${issuer} is ${quoted(address)}: it must not have a fragment`);
    return [name, address];
  });
  return { ...document, ...Object.fromEntries(addresses) as JsonDocument };
}

/** If true, the authorization server sends its issuer with each answer that the browser brings (RFC 9207). */
export function hasIssuerInAnswers(metadata: JsonDocument): boolean {
  return metadata.authorization_response_iss_parameter_supported === true;
}

/**
 * The origins of the sign-in page and of the token endpoint, if they differ.
 *
 * @param page the endpoint that begins the sign-in
 */
export function separateOrigins(metadata: JsonDocument, page: SignInEndpoint): { page: string; token: string } | undefined {
  const [first, token] = [metadata[page], metadata.token_endpoint].map((address) => new URL(String(address)).origin);
  return first === token ? undefined : { page: first, token };
}
