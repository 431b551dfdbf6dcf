import { initialize } from './connectivity';
import { send, type Answer, type Endpoint } from './protocol/http';
import { checkServerMetadata, hasIssuerInAnswers, metadataUrls, readIssuer, separateOrigins, type JsonDocument } from '../login/metadata';
import type { UserTokens } from '../login/stored-tokens';
import { secureUrl } from '../util/secure-url';
import { quoted } from '../util/untrusted-text';
import { excerpt } from './protocol/session';
import { runCheck, Failed, skipped, warning, type CheckOutcome, type Result } from './report/results';

const PROTECTED_RESOURCE = 'oauth-protected-resource';
const FOREIGN_ORIGIN = 'https://pmcp-deploy-test.invalid';
const FOREIGN_RESOURCE = 'https://pmcp-deploy-test.invalid/mcp';

/** Documents that one check reads for the next. */
interface Documents {
  resource?: JsonDocument;
  server?: JsonDocument;
}

/** Check the protection of an endpoint from outside. The details say what clients do. */
export async function runAuthChecks(given: Endpoint, signedIn?: UserTokens): Promise<Result[]> {
  const endpoint: Endpoint = { ...given, token: undefined };
  const results: Result[] = [];
  const found: Documents = {};
  const run = async (name: string, work: () => Promise<CheckOutcome | void>) => {
    results.push(await runCheck('auth', name, work));
  };
  await run('a request without a token gets 401', async () => withoutToken(endpoint));
  const { origin, pathname } = new URL(endpoint.url);
  const wellKnown = `/.well-known/${PROTECTED_RESOURCE}`;
  if (pathname !== '/') {
    await run(`${wellKnown}${pathname}`, async () => resourceMetadata(endpoint, found, `${origin}${wellKnown}${pathname}`));
  }
  await run(wellKnown, async () => rootMetadata(endpoint, found, `${origin}${wellKnown}`));
  await run('the resource is this endpoint', async () => resourceIdentity(endpoint.url, found));
  await run('metadata of the authorization server', async () => serverMetadata(endpoint, found));
  await run('PKCE with S256', async () => challenge(found));
  await run('registration of clients', async () => registration(endpoint, found));
  for (const method of ['GET', 'DELETE'] as const) {
    await run(`${method} is answered`, async () => otherMethod(endpoint, method, signedIn?.accessToken));
  }
  await run('foreign Origin', async () => foreignOrigin(endpoint));
  await run('a made-up token is refused', async () => expectRefusal(endpoint, 'garbage'));
  await run('an unsigned token is refused', async () => expectRefusal(endpoint, unsignedToken(endpoint.url, found)));
  await run('an ID token is refused', async () => idToken(endpoint, signedIn));
  await run('a token for another resource is refused', async () => otherAudience(endpoint, signedIn));
  return results;
}

async function withoutToken(endpoint: Endpoint): Promise<CheckOutcome> {
  const { status, headers, text } = await initialize(endpoint);
  if (status === 403) {
    return warning('HTTP 403: MCP clients do not start a sign-in; clients that sign requests with AWS credentials (IAM) may be allowed');
  }
  if (status < 400) throw new Failed(`HTTP ${status}: anyone can call the endpoint`);
  if (status !== 401) throw new Failed(`HTTP ${status} instead of 401, so clients do not start a sign-in: ${excerpt(text)}`);
  const named = /\bresource_metadata=(?:"([^"]*)"|([^\s,]+))/.exec(headers.get('www-authenticate') ?? '');
  if (named) {
    secureUrl(named[1] ?? named[2], 'resource_metadata of WWW-Authenticate', endpoint.url);
    return { detail: 'with the address of the metadata, which clients read' };
  }
  return warning('without resource_metadata in WWW-Authenticate, which API Gateway cannot add: clients for 2025-11-25 and later try the '
    + 'well-known addresses, older clients may not discover the sign-in');
}

async function readDocument(endpoint: Endpoint, url: string): Promise<{ answer: Answer; document?: JsonDocument }> {
  const answer = await send({ ...endpoint, url }, 'GET', undefined, { accept: 'application/json' });
  try {
    const value: unknown = JSON.parse(answer.text);
    const isObject = answer.status === 200 && typeof value === 'object' && value !== null && !Array.isArray(value);
    return { answer, document: isObject ? value as JsonDocument : undefined };
  } catch {
    return { answer };
  }
}

async function resourceMetadata(endpoint: Endpoint, found: Documents, url: string): Promise<CheckOutcome> {
  const { answer, document } = await readDocument(endpoint, url);
  if (!document) throw new Failed(`HTTP ${answer.status}, and not a JSON object: clients cannot discover the authorization server`);
  found.resource = document;
  return { detail: 'clients try this address first' };
}

async function rootMetadata(endpoint: Endpoint, found: Documents, url: string): Promise<CheckOutcome> {
  const { answer, document } = await readDocument(endpoint, url);
  if (!document && found.resource) return warning(`HTTP ${answer.status}: clients that try only this address cannot discover the sign-in`);
  if (!document) throw new Failed(`HTTP ${answer.status}, and not a JSON object: clients cannot discover the authorization server`);
  found.resource ??= document;
  if (document.resource !== found.resource.resource) {
    return warning(`is for ${quoted(document.resource)}: clients that try only this address sign in to that resource`);
  }
  return { detail: 'clients try this address if there is nothing at the path' };
}

async function resourceIdentity(url: string, { resource }: Documents): Promise<CheckOutcome> {
  if (!resource) return skipped('there are no metadata');
  if (resource.resource === url) return { detail: 'clients request a token for it' };
  throw new Failed(`the metadata are for ${quoted(resource.resource)}: clients refuse them, or request a token for another resource`);
}

async function serverMetadata(endpoint: Endpoint, found: Documents): Promise<CheckOutcome> {
  if (!found.resource) return skipped('there are no metadata that name it');
  const issuer = readIssuer(found.resource, endpoint.url);
  for (const url of metadataUrls(issuer)) {
    const { document } = await readDocument(endpoint, url);
    if (!document) continue;
    const metadata = checkServerMetadata(document, url, issuer);
    const missing = ['authorization_endpoint', 'token_endpoint'].filter((name) => typeof metadata[name] !== 'string');
    if (missing.length > 0) throw new Failed(`${url} has no ${missing.join(' and no ')}: clients cannot sign in`);
    found.server = metadata;
    const origins = separateOrigins(metadata, 'authorization_endpoint');
    if (origins && !hasIssuerInAnswers(metadata)) {
      const flow = `users sign in at ${origins.page}, and the code is sent to ${origins.token}`;
      return warning(`${flow}, without iss (RFC 9207): strict clients refuse that`);
    }
    return { detail: `clients sign in at ${new URL(metadata.authorization_endpoint as string).origin}` };
  }
  throw new Failed(`${issuer} serves no metadata at the addresses that clients try: ${metadataUrls(issuer).join(', ')}`);
}

async function challenge({ server }: Documents): Promise<CheckOutcome> {
  if (!server) return skipped('there is no authorization server');
  const methods = server.code_challenge_methods_supported;
  if (Array.isArray(methods) && methods.includes('S256')) return { detail: 'clients use PKCE' };
  const found = JSON.stringify(methods) ?? 'missing';
  throw new Failed(`code_challenge_methods_supported is ${found}: clients refuse an authorization server without S256`);
}

async function registration(endpoint: Endpoint, { server }: Documents): Promise<CheckOutcome> {
  if (!server) return skipped('there is no authorization server');
  const url = server.registration_endpoint;
  if (url === undefined) return { detail: 'off: users configure a client id in their clients' };
  // Metadata must not make this machine send requests to any address.
  if (new URL(url as string).origin !== new URL(server.issuer as string).origin) {
    return warning(`registration_endpoint is ${quoted(url)}: not tried, because it is not at the issuer's origin`);
  }
  // A registration without redirect URIs must be refused, so this leaves no client behind.
  const { status, text } = await send({ ...endpoint, url: url as string }, 'POST', '{}');
  if (status === 201) return warning('a client without redirect URIs was registered');
  if (status === 429) return warning('HTTP 429: too many clients registered recently');
  if (status !== 400) throw new Failed(`HTTP ${status} instead of 400 to an empty registration: ${excerpt(text)}`);
  return { detail: 'on: clients register themselves' };
}

async function otherMethod(endpoint: Endpoint, method: 'GET' | 'DELETE', token?: string): Promise<CheckOutcome> {
  const { status } = await send({ ...endpoint, token }, method);
  if (status === 404) throw new Failed('HTTP 404: clients read that as "no such endpoint"');
  if (token === undefined && (status === 401 || status === 403)) return { detail: `HTTP ${status} without a token` };
  if (status === 405 || (method === 'GET' && status === 200) || status === 400) {
    return { detail: `HTTP ${status}: clients continue with POST` };
  }
  throw new Failed(`HTTP ${status} instead of 405`);
}

async function foreignOrigin(endpoint: Endpoint): Promise<CheckOutcome> {
  const { status, headers } = await initialize(endpoint, { origin: FOREIGN_ORIGIN });
  if (status < 400) throw new Failed(`HTTP ${status} without a token`);
  if (headers.get('access-control-allow-origin') === FOREIGN_ORIGIN) {
    throw new Failed('every web page may call the endpoint, with any token that it has');
  }
  return { detail: `HTTP ${status}, and web pages cannot read the answer` };
}

async function expectRefusal(endpoint: Endpoint, token: string): Promise<CheckOutcome> {
  const { status } = await initialize({ ...endpoint, token });
  if (status === 401 || status === 403) return { detail: `HTTP ${status}: clients sign in again` };
  throw new Failed(status < 400 ? 'the endpoint accepts it: anyone gets in' : `HTTP ${status} instead of 401`);
}

/** A token with the claims of a valid one, and without a signature. */
function unsignedToken(url: string, { server, resource }: Documents): string {
  const now = Math.floor(Date.now() / 1000);
  const scopes = Array.isArray(resource?.scopes_supported) ? (resource.scopes_supported as unknown[]).join(' ') : '';
  const claims = { iss: server?.issuer, aud: url, sub: 'pmcp-deploy', scope: scopes, iat: now, exp: now + 300 };
  return `${[{ alg: 'none', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
}

async function idToken(endpoint: Endpoint, signedIn?: UserTokens): Promise<CheckOutcome> {
  if (!signedIn) return skipped('needs a sign-in: run "pmcp-deploy login"');
  if (signedIn.idToken === undefined) {
    return skipped('the sign-in gave no ID token: run "pmcp-deploy login --scope", with openid and the scopes of the server');
  }
  return expectRefusal(endpoint, signedIn.idToken);
}

async function otherAudience(endpoint: Endpoint, signedIn?: UserTokens): Promise<CheckOutcome> {
  if (!signedIn) return skipped('needs a sign-in: run "pmcp-deploy login"');
  const token = await signedIn.tokenFor?.(FOREIGN_RESOURCE);
  return token === undefined ? skipped('the issuer gives this sign-in no token for another resource') : expectRefusal(endpoint, token);
}
