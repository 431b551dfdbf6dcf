import { runAuthChecks } from '../../../src/cli/checks/auth';
import type { UserTokens } from '../../../src/cli/login/stored-tokens';
import { onCleanup } from '../support/project';
import { startProtected } from '../support/protected-server';

type Replies = Parameters<typeof startProtected>[0];

const ROOT = 'GET /.well-known/oauth-protected-resource';
const PATH = `${ROOT}/mcp`;
const SERVER = 'GET /.well-known/oauth-authorization-server';

/** What the checks found, by their names: the status and what is said. */
async function checks(replies?: Replies, signedIn?: UserTokens): Promise<Record<string, string>> {
  const { url, close } = await startProtected(replies);
  onCleanup(close);
  const results = await runAuthChecks({ url, timeout: 5000 }, signedIn);
  return Object.fromEntries(results.map(({ name, status, detail }) => [name, `${status}: ${detail}`]));
}

test('a protected endpoint: each line says what a client does', async () => {
  const { url, origin, close } = await startProtected();
  onCleanup(close);
  const results = await runAuthChecks({ url, token: 'good', timeout: 5000 }, {
    accessToken: 'good',
    idToken: 'the-id-token',
    tokenFor: async () => 'another',
  });
  expect(results.map(({ name, status, detail }) => [name, status, detail])).toEqual([
    ['a request without a token gets 401', 'warning', expect.stringContaining('which API Gateway cannot add')],
    ['/.well-known/oauth-protected-resource/mcp', 'passed', 'clients try this address first'],
    ['/.well-known/oauth-protected-resource', 'passed', 'clients try this address if there is nothing at the path'],
    ['the resource is this endpoint', 'passed', 'clients request a token for it'],
    ['metadata of the authorization server', 'passed', `clients sign in at ${origin}`],
    ['PKCE with S256', 'passed', 'clients use PKCE'],
    ['registration of clients', 'passed', 'on: clients register themselves'],
    ['GET is answered', 'passed', 'HTTP 405: clients continue with POST'],
    ['DELETE is answered', 'passed', 'HTTP 405: clients continue with POST'],
    ['foreign Origin', 'passed', 'HTTP 401, and web pages cannot read the answer'],
    ['a made-up token is refused', 'passed', 'HTTP 401: clients sign in again'],
    ['an unsigned token is refused', 'passed', 'HTTP 401: clients sign in again'],
    ['an ID token is refused', 'passed', 'HTTP 401: clients sign in again'],
    ['a token for another resource is refused', 'passed', 'HTTP 401: clients sign in again'],
  ]);
});

test('without a sign-in, what needs one is skipped', async () => {
  expect(await checks()).toMatchObject({
    'an ID token is refused': 'skipped: needs a sign-in: run "pmcp-deploy login"',
    'a token for another resource is refused': 'skipped: needs a sign-in: run "pmcp-deploy login"',
  });
  expect(await checks(undefined, { accessToken: 'good', tokenFor: async () => undefined })).toMatchObject({
    'an ID token is refused': expect.stringContaining('skipped: the sign-in gave no ID token'),
    'a token for another resource is refused': expect.stringContaining('skipped: the issuer gives this sign-in no token'),
  });
});

test('a 401 that names the metadata is as clients like it best', async () => {
  const found = await checks(() => ({
    'POST /mcp': { status: 401, headers: { 'www-authenticate': 'Bearer resource_metadata="https://x/y"' } },
  }));
  expect(found['a request without a token gets 401']).toBe('passed: with the address of the metadata, which clients read');
});

const INITIALIZED = { status: 200, body: { jsonrpc: '2.0', id: 1, result: {} } };

test.each<[string, Replies, Record<string, string | RegExp>]>([
  ['an open endpoint', () => ({ 'POST /mcp': INITIALIZED }), {
    'a request without a token gets 401': 'failed: HTTP 200: anyone can call the endpoint',
    'foreign Origin': 'failed: HTTP 200 without a token',
    'a made-up token is refused': 'failed: the endpoint accepts it: anyone gets in',
    'an unsigned token is refused': 'failed: the endpoint accepts it: anyone gets in',
  }],
  [
    'IAM',
    () => ({ 'POST /mcp': { status: 403 } }),
    { 'a request without a token gets 401': /^warning: HTTP 403: MCP clients do not start a sign-in/ },
  ],
  ['a gateway that fails', () => ({ 'POST /mcp': { status: 500 } }), {
    'a request without a token gets 401': /^failed: HTTP 500 instead of 401/,
    'a made-up token is refused': 'failed: HTTP 500 instead of 401',
  }],
  ['no metadata', () => ({ [ROOT]: { status: 404 }, [PATH]: { status: 404 } }), {
    '/.well-known/oauth-protected-resource/mcp': /^failed: HTTP 404, and not a JSON object: clients cannot discover the/,
    'the resource is this endpoint': 'skipped: there are no metadata',
    'metadata of the authorization server': /^skipped/,
    'PKCE with S256': 'skipped: there is no authorization server',
  }],
  [
    'metadata at the path only',
    () => ({ [ROOT]: { status: 404 } }),
    { '/.well-known/oauth-protected-resource': /^warning: HTTP 404: clients that try only this address cannot discover the sign-in/ },
  ],
  [
    'metadata behind the authorizer',
    () => ({ [ROOT]: { status: 401 }, [PATH]: { status: 401 } }),
    { '/.well-known/oauth-protected-resource/mcp': /^failed: HTTP 401/ },
  ],
  ['another resource', (origin) => ({ [PATH]: { status: 200, body: { resource: `${origin}/`, authorization_servers: [origin] } } }), {
    'the resource is this endpoint': /^failed: the metadata are for "http:.*\/": clients refuse them, or request a token for another/,
    '/.well-known/oauth-protected-resource': /^warning: is for/,
  }],
  ['no authorization server', (origin) => ({ [PATH]: { status: 200, body: { resource: `${origin}/mcp` } } }), {
    'metadata of the authorization server': /^failed: the metadata have no authorization_servers/,
  }],
  [
    'an authorization server without metadata',
    () => ({ [SERVER]: { status: 404 } }),
    { 'metadata of the authorization server': /^failed: .* serves no metadata at the addresses that clients try: .*openid-configuration/ },
  ],
  ['another issuer', (origin) => ({
    [SERVER]: { status: 200, body: { issuer: `${origin}/`, authorization_endpoint: origin, token_endpoint: origin } },
  }), {
    'metadata of the authorization server': /^failed: .* is for the issuer "http.*\/", not for "http.*": clients refuse it/,
  }],
  ['no token endpoint', (origin) => ({ [SERVER]: { status: 200, body: { issuer: origin, authorization_endpoint: origin } } }), {
    'metadata of the authorization server': /^failed: .* has no token_endpoint: clients cannot sign in/,
  }],
  ['plain Cognito: no S256, no registration', (origin) => ({
    [SERVER]: { status: 404 },
    'GET /.well-known/openid-configuration': {
      status: 200,
      body: { issuer: origin, authorization_endpoint: origin, token_endpoint: origin },
    },
  }), {
    'PKCE with S256': /^failed: code_challenge_methods_supported is missing/,
    'registration of clients': 'passed: off: users configure a client id in their clients',
  }],
  ['security H5: a header that names metadata which are not secure', () => ({
    'POST /mcp': { status: 401, headers: { 'www-authenticate': 'Bearer resource_metadata="http://evil.example/x"' } },
  }), {
    'a request without a token gets 401': /^failed: resource_metadata of WWW-Authenticate is "http:.*evil\.example\/x": it must be https/,
  }],
  ['security M1: a page and a token endpoint of different origins', (origin) => ({
    [SERVER]: {
      status: 200,
      body: { issuer: origin, authorization_endpoint: 'https://honest.example/authorize', token_endpoint: `${origin}/token` },
    },
  }), { 'metadata of the authorization server': /^warning: users sign in at https:\/\/honest\.example, and the code is sent to http:/ }],
  ['the same, where the answers say who they are from', (origin) => ({
    [SERVER]: {
      status: 200,
      body: {
        issuer: origin,
        authorization_endpoint: 'https://honest.example/authorize',
        token_endpoint: `${origin}/token`,
        authorization_response_iss_parameter_supported: true,
      },
    },
  }), { 'metadata of the authorization server': 'passed: clients sign in at https://honest.example' }],
  [
    'registration behind the authorizer',
    () => ({ 'POST /register': { status: 401 } }),
    { 'registration of clients': /^failed: HTTP 401 instead of 400/ },
  ],
  ['registration at its limit', () => ({ 'POST /register': { status: 429 } }), { 'registration of clients': /^warning: HTTP 429/ }],
  [
    'registration of anything',
    () => ({ 'POST /register': { status: 201, body: {} } }),
    { 'registration of clients': 'warning: a client without redirect URIs was registered' },
  ],
  ['methods that the gateway does not know', () => ({ 'GET /mcp': { status: 404 }, 'DELETE /mcp': { status: 500 } }), {
    'GET is answered': 'failed: HTTP 404: clients read that as "no such endpoint"', 'DELETE is answered': 'failed: HTTP 500 instead of 405',
  }],
  ['any origin', () => ({
    'POST /mcp': (_, { headers }) => ({ status: 401, headers: { 'access-control-allow-origin': headers.origin ?? '*' } }),
  }), {
    'foreign Origin': 'failed: every web page may call the endpoint, with any token that it has',
  }],
])('%s', async (_, replies, expected) => {
  const found = await checks(replies);
  for (const [name, what] of Object.entries(expected)) {
    if (typeof what === 'string') expect([name, found[name]]).toEqual([name, what]);
    else expect([name, found[name]]).toEqual([name, expect.stringMatching(what)]);
  }
});

test('security L11: nothing is sent to a registration_endpoint of another origin', async () => {
  const internal = await startProtected();
  onCleanup(internal.close);
  const found = await checks((origin) => ({
    [SERVER]: {
      status: 200,
      body: {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${internal.origin}/admin`,
      },
    },
  }));
  expect(found['registration of clients'])
    .toBe(`warning: registration_endpoint is "${internal.origin}/admin": not tried, because it is not at the issuer's origin`);
  expect(internal.requests).toEqual([]);
});

test('security L11: what answers with a redirect is not followed', async () => {
  const internal = await startProtected();
  onCleanup(internal.close);
  const away = { status: 307, headers: { location: `${internal.origin}/admin` } };
  const found = await checks(() => ({ 'POST /register': away }));
  expect(found['registration of clients']).toMatch(/^failed: HTTP 307 instead of 400/);
  const moved = await checks(() => ({ [SERVER]: away, [ROOT]: away }));
  expect(moved['metadata of the authorization server']).toMatch(/^failed: .* serves no metadata/);
  expect(internal.requests).toEqual([]);
});

test('at the root of an origin there is one document', async () => {
  const { origin, close } = await startProtected((at) => ({
    [ROOT]: { status: 200, body: { resource: `${at}/`, authorization_servers: [at] } },
    'POST /': { status: 401 },
  }));
  onCleanup(close);
  const results = await runAuthChecks({ url: `${origin}/`, timeout: 5000 });
  expect(results.filter(({ name }) => name.startsWith('/.well-known/')).map(({ name, status }) => [name, status])).toEqual([
    ['/.well-known/oauth-protected-resource', 'passed'],
  ]);
  expect(results.find(({ name }) => name === 'the resource is this endpoint')?.status).toBe('passed');
});
