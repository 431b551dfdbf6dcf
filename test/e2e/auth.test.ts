import { randomBytes, createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  AdminCreateUserCommand, CognitoIdentityProviderClient, DescribeUserPoolClientCommand, paginateListUserPoolClients,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Browser } from 'playwright-core';
import { pmcpDeploy, scaffold, stopLocal, temporaryFolder, tryPmcpDeploy } from '../support/app';
import { DEPLOY_TOML, stackSource } from './support/auth-stack';
import { launchBrowser } from './support/chromium';
import { e2eEnv, VALIDATED } from '../support/env';
import { startIssuer, type Issuer } from './support/issuer';
import { altered, claimsOf, keyFromPem, kidOf, newKey, sign, unsigned, type Claims, type SigningKey } from './support/jwt';
import { localClient, type LocalClient } from './support/local-aws';
import { installNag, nag } from './support/nag';
import { connect, connectAs, PersonsClient } from './support/oauth-client';
import { authorizationScenario } from './support/oauth-conformance';
import { signIn, type Person } from './support/sign-in-page';
import { spawnPmcpDeploy } from './support/spawned';

const SCOPES = ['mcp/read', 'mcp/write'];
const LOOPBACK = 'http://localhost:3334/oauth/callback';
const ADA: Person = { email: 'ada@example.com', password: 'Temporary-1234', newPassword: 'Analytical-1843' };
const GRACE: Person = { email: 'grace@example.com', password: 'Compiler-1952!' };

const folder = temporaryFolder('signed-in');
const app = folder.path;
let issuer: Issuer;
let browser: Browser;
let aws: LocalClient;
let cognito: CognitoIdentityProviderClient;
let outputs: Record<string, string>;

beforeAll(async () => {
  issuer = await startIssuer(SCOPES);
  browser = await launchBrowser();
  await scaffold(app, ['--no-git']);
  writeFileSync(join(app, '.pmcp', 'deploy.toml'), DEPLOY_TOML);
  writeFileSync(join(app, 'lib', 'stack.ts'), stackSource(issuer.url));
  await pmcpDeploy(app, ['local'], { env: e2eEnv(VALIDATED) });
  outputs = JSON.parse((await pmcpDeploy(app, ['outputs', '--local', '--json'])).stdout).outputs;
  aws = localClient();
  cognito = new CognitoIdentityProviderClient(aws);
  for (const server of ['hello', 'machines', 'exact']) {
    // Ada has a temporary password, which Amazon Cognito would send her by e-mail.
    const ada = { UserPoolId: outputs[`${server}McpUserPoolId`], Username: ADA.email, TemporaryPassword: ADA.password };
    await cognito.send(new AdminCreateUserCommand({ ...ada, MessageAction: 'SUPPRESS' }));
    await pmcpDeploy(app, ['users', 'add', GRACE.email, '--set-password', '--local', '--server', server], { input: GRACE.password });
  }
});

afterAll(async () => {
  await browser?.close();
  await issuer?.close();
  await stopLocal(app);
  folder.remove();
});

/** Calls the tool that tells who calls. */
async function whoAmI(client: Client): Promise<Record<string, unknown>> {
  try {
    const result = await client.callTool({ name: 'who_am_i', arguments: {} });
    return result.structuredContent as Record<string, unknown>;
  } finally {
    await client.close();
  }
}

async function clientOf(pool: string, ClientId: string): Promise<UserPoolClientType> {
  const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId }));
  return UserPoolClient!;
}

describe('the official client, from an unknown URL to a tool call', () => {
  test('Cognito with registration: a person signs in for the first time', async () => {
    const person = new PersonsClient('http://localhost:45711/callback');
    const client = await connectAs(outputs.helloMcpUrl, person, async (url) => signIn(browser, url, ADA));
    const { client_id: id } = person.client!;
    expect(id).not.toBe(outputs.helloMcpClientId);
    expect(await whoAmI(client)).toMatchObject({ signed_in: true, client: id, scopes: expect.arrayContaining(SCOPES) });
    // What Amazon Cognito sets where the client asks for the resource, as the official client does.
    expect(claimsOf(person.granted!.access_token).aud).toBe(outputs.helloMcpUrl);
    expect(await clientOf(outputs.helloMcpUserPoolId, id)).toMatchObject({ CallbackURLs: ['http://localhost:45711/callback'], AllowedOAuthFlows: ['code'] });
  });

  test('Cognito without registration: the client of the outputs, and a refresh', async () => {
    const person = new PersonsClient(LOOPBACK, outputs.machinesMcpClientId);
    const client = await connectAs(outputs.machinesMcpUrl, person, async (url) => signIn(browser, url, GRACE));
    expect(await whoAmI(client)).toMatchObject({ signed_in: true, client: outputs.machinesMcpClientId });
    const before = person.granted!;
    person.granted = { ...before, access_token: altered(before.access_token) };
    expect(await whoAmI(await connect(outputs.machinesMcpUrl, person))).toMatchObject({ signed_in: true });
    expect(person.granted.access_token).not.toBe(before.access_token);
    expect(claimsOf(person.granted.access_token).aud).toBe(outputs.machinesMcpUrl);
  });

  test('Cognito: a machine gets its token without a person', async () => {
    const { ClientId: clientId, ClientSecret: clientSecret } = await clientOf(outputs.machinesMcpUserPoolId, outputs.machinesMcpMachineClientId);
    const machine = new ClientCredentialsProvider({ clientId: clientId!, clientSecret: clientSecret!, expectedIssuer: outputs.machinesMcpIssuer });
    expect(await whoAmI(await connect(outputs.machinesMcpUrl, machine))).toMatchObject({ signed_in: true, client: clientId });
  });

  test.each(['jwt', 'strict'])('%s: the provider of tokens is somebody else', async (server) => {
    const person = new PersonsClient(LOOPBACK, 'test-client');
    const client = await connectAs(outputs[`${server}McpUrl`], person, async (url) => {
      expect(url.origin).toBe(issuer.url);
      const answer = await fetch(url, { redirect: 'manual' });
      return new URL(answer.headers.get('location')!);
    });
    expect(await whoAmI(client)).toEqual({ signed_in: true, subject: 'ada', client: 'test-client', scopes: SCOPES });
  });

  test('IAM: requests are signed', async () => {
    const client = new Client({ name: 'e2e', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(outputs.iamMcpUrl), { fetch: signedFetch }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('who_am_i');
    await client.close();
  });

  test('none: nobody is asked', async () => {
    expect(await whoAmI(await connect(outputs.openMcpUrl))).toEqual({ signed_in: false, scopes: [] });
  });
});

/** Signs requests as the AWS clients do (SigV4). */
async function signedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input as string | URL);
  const { config } = new LambdaClient(aws);
  const signer = await config.signer({ name: 'sigv4', signingName: 'execute-api', signingRegion: aws.region, properties: {} });
  const { headers } = await signer.sign({
    method: init.method ?? 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: {},
    headers: { ...Object.fromEntries(new Headers(init.headers)), host: url.host },
    body: init.body,
  } as Parameters<typeof signer.sign>[0]);
  return fetch(url, { ...init, headers });
}

/** A token that is no good, and what the gateway should say to it. */
interface Bad {
  readonly what: string;
  readonly token?: string;
  readonly status: 401 | 403;
}

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } },
});

async function statusOf(server: string, token?: string): Promise<number> {
  const answer = await fetch(outputs[`${server}McpUrl`], {
    method: 'POST',
    body: INITIALIZE,
    headers: {
      'content-type': 'application/json',
      'accept': 'application/json, text/event-stream',
      ...token === undefined ? {} : { authorization: `Bearer ${token}` },
    },
  });
  await answer.text();
  return answer.status;
}

/** How often a server's function was invoked. */
async function callsOf(server: string): Promise<number> {
  let calls = 0;
  const pages = paginateFilterLogEvents({ client: new CloudWatchLogsClient(aws) }, { logGroupName: outputs[`${server}LogGroupName`] });
  for await (const { events = [] } of pages) calls += events.filter(({ message }) => message?.startsWith('START RequestId')).length;
  return calls;
}

/** All are refused before they reach the server, and a good token is not. */
async function expectRefused(server: string, good: string, bad: readonly Bad[]): Promise<void> {
  const before = await callsOf(server);
  const answers = [];
  for (const { what, token } of bad) answers.push({ what, status: await statusOf(server, token) });
  expect(answers).toEqual(bad.map(({ what, status }) => ({ what, status })));
  expect(await callsOf(server)).toBe(before);
  expect(await statusOf(server, good)).toBe(200);
  expect(await callsOf(server)).toBe(before + 1);
}

function without(claims: Claims, ...names: string[]): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
}

/** What is wrong for each issuer, all of it signed by the issuer's own key unless that is what is wrong. */
function badTokens(key: SigningKey, claims: Claims): Bad[] {
  const past = Math.floor(Date.now() / 1000) - 60;
  return [
    { what: 'no token', status: 401 },
    { what: 'an empty token', token: '', status: 401 },
    { what: 'garbage', token: 'garbage', status: 401 },
    { what: 'garbage in three parts', token: 'a.b.c', status: 401 },
    { what: 'another issuer', token: sign(key, { ...claims, iss: 'https://evil.example.com' }), status: 401 },
    { what: 'another audience', token: sign(key, { ...claims, aud: 'https://other.example.com/mcp' }), status: 401 },
    { what: 'several other audiences', token: sign(key, { ...claims, aud: ['https://other.example.com/mcp', 'x'] }), status: 401 },
    { what: 'no audience, and the id of a client that is not ours', token: sign(key, { ...without(claims, 'aud'), client_id: 'other' }), status: 401 },
    { what: 'no audience and no client', token: sign(key, without(claims, 'aud', 'client_id')), status: 401 },
    { what: 'no scope', token: sign(key, without(claims, 'scope')), status: 403 },
    { what: 'other scopes', token: sign(key, { ...claims, scope: 'openid mcp/read-all' }), status: 403 },
    { what: 'expired', token: sign(key, { ...claims, iat: past - 600, exp: past }), status: 401 },
    { what: 'not good yet', token: sign(key, { ...claims, nbf: past + 3600 }), status: 401 },
    { what: 'alg none', token: unsigned(key, claims), status: 401 },
    { what: 'altered signature', token: altered(sign(key, claims)), status: 401 },
    { what: 'a stranger\'s key under the name of the right one', token: sign({ ...newKey(key.kid) }, claims), status: 401 },
    { what: 'a key that the issuer does not have', token: sign(newKey('other'), claims), status: 401 },
  ];
}

describe('bad tokens', () => {
  test('jwt', async () => {
    const claims = issuer.claims(outputs.jwtMcpUrl);
    const idToken = without({ ...claims, aud: 'test-client' }, 'scope', 'client_id');
    await expectRefused('jwt', sign(issuer.key, claims), [
      ...badTokens(issuer.key, claims),
      { what: 'ID token', token: sign(issuer.key, idToken), status: 403 },
      { what: 'a token for another server', token: sign(issuer.key, issuer.claims(outputs.strictMcpUrl)), status: 401 },
    ]);
    // Without the strict switch, a token without an audience counts by its client.
    expect(await statusOf('jwt', sign(issuer.key, without(claims, 'aud')))).toBe(200);
  });

  test('jwt with the strict switch', async () => {
    const claims = issuer.claims(outputs.strictMcpUrl);
    await expectRefused('strict', sign(issuer.key, claims), [
      ...badTokens(issuer.key, claims),
      { what: 'ID token', token: sign(issuer.key, without({ ...claims, aud: 'test-client' }, 'scope', 'client_id')), status: 401 },
      { what: 'no audience', token: sign(issuer.key, without(claims, 'aud')), status: 401 },
    ]);
  });

  // Without the strict switch, a token without an audience counts by its client, which is the server's own.
  test.each([['hello', 200], ['machines', 200], ['exact', 401]])('cognito: %s answers %i where the client named no resource', async (server, unnamed) => {
    const tokens = await tokensOf(server, ['openid', ...SCOPES], outputs[`${server}McpUrl`]);
    const key = poolKey(outputs[`${server}McpUserPoolId`], tokens.access_token);
    const other = await tokensOf(server === 'hello' ? 'machines' : 'hello', SCOPES, outputs[`${server}McpUrl`]);
    await expectRefused(server, tokens.access_token, [
      ...badTokens(key, claimsOf(tokens.access_token)),
      // It names the client, which is on the list of audiences but for the strict switch, and has no scope.
      { what: 'ID token', token: tokens.id_token, status: server === 'exact' ? 401 : 403 },
      { what: 'a token of another pool', token: other.access_token, status: 401 },
      { what: 'a token for another server', token: (await tokensOf(server, SCOPES, outputs.openMcpUrl)).access_token, status: 401 },
      { what: 'a token for the person\'s own data only', token: (await tokensOf(server, ['openid'], outputs[`${server}McpUrl`])).access_token, status: 403 },
    ]);
    expect(await statusOf(server, (await tokensOf(server, SCOPES)).access_token)).toBe(unnamed);
  });

  test('iam', async () => {
    const before = await callsOf('iam');
    expect(await statusOf('iam')).toBe(403);
    expect(await callsOf('iam')).toBe(before);
    // The local AWS takes any Authorization header for a signature; AWS checks it where the route says so.
    const { Resources } = JSON.parse(readFileSync(join(app, 'cdk.out', 'hello.template.json'), 'utf-8'));
    const routes = Object.entries<any>(Resources).filter(([id, { Type }]) => Type === 'AWS::ApiGatewayV2::Route' && id.startsWith('iam'));
    expect(routes.map(([, { Properties }]) => [Properties.RouteKey, Properties.AuthorizationType]).sort()).toEqual([
      ['DELETE /mcp', 'AWS_IAM'], ['GET /mcp', 'AWS_IAM'], ['POST /mcp', 'AWS_IAM'],
    ]);
  });
});

/** The pool's own key, which the local AWS keeps in a file: only so can a token be wrong and well signed. */
function poolKey(pool: string, token: string): SigningKey {
  const file = join(e2eEnv().PMCP_DEPLOY_CACHE!, 'local-aws', 'data', 'state', 'cognito-pool-keys', `${pool}-access.pem`);
  expect(existsSync(file)).toBe(true);
  return keyFromPem(kidOf(token), readFileSync(file, 'utf-8'));
}

interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
}

/** Signs Grace in without a browser, with the scopes and the resource that the test wants. */
async function tokensOf(server: string, scopes: readonly string[], resource?: string): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const client = { client_id: outputs[`${server}McpClientId`], redirect_uri: LOOPBACK };
  const asked = {
    ...client,
    response_type: 'code',
    scope: scopes.join(' '),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  await fetch(`${aws.endpoint}/oauth2/authorize?${new URLSearchParams({ ...asked, ...resource === undefined ? {} : { resource } })}`);
  const signedIn = await fetch(`${aws.endpoint}/login`, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...asked, username: GRACE.email, password: GRACE.password }),
  });
  const code = new URL(signedIn.headers.get('location')!).searchParams.get('code')!;
  const answer = await fetch(`${aws.endpoint}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ ...client, grant_type: 'authorization_code', code, code_verifier: verifier }),
  });
  return await answer.json() as Tokens;
}

describe('the command line', () => {
  const HELLO = ['--local', '--server', 'hello'];

  test('login signs in, test --auth finds nothing wrong, logout forgets', async () => {
    const locked = await tryPmcpDeploy(app, ['test', ...HELLO, '--auth']);
    expect(locked.stdout).toContain('HTTP 401 without a token, as expected');
    expect(locked.status).toBe(0);

    const login = spawnPmcpDeploy(app, ['login', ...HELLO, '--no-browser', '--scope', ['openid', ...SCOPES].join(' ')]);
    const page = /^http\S+$/m;
    await signIn(browser, new URL(page.exec(await login.said(page))![0]), GRACE);
    expect(await login.ended).toBe(0);
    const said = login.output();
    const token = (await pmcpDeploy(app, ['login', ...HELLO, '--print-token'])).stdout.trim();
    expect(claimsOf(token)).toMatchObject({ aud: outputs.helloMcpUrl, client_id: outputs.helloMcpClientId });
    expect(said).not.toContain(token);

    const { stdout } = await pmcpDeploy(app, ['test', ...HELLO, '--auth', '--json', '--tool', 'who_am_i']);
    const { ok, results, answer } = JSON.parse(stdout) as { ok: boolean; results: Array<Record<string, string>>; answer: Record<string, object> };
    expect(ok).toBe(true);
    expect(answer.structuredContent).toMatchObject({ signed_in: true });
    const auth = results.filter(({ group }) => group === 'auth');
    expect(auth.filter(({ status }) => status !== 'passed').map(({ name, status }) => [name, status])).toEqual([
      ['a request without a token gets 401', 'warning'],
      // The origin is the local AWS's, not the API's.
      ['/.well-known/oauth-protected-resource', 'warning'],
      // The pool's refresh tokens are bound to what was asked for first.
      ['a token for another resource is refused', 'skipped'],
    ]);
    expect(stdout).not.toContain(token);

    expect((await pmcpDeploy(app, ['users', 'list', ...HELLO])).stdout).toMatch(/ada@example\.com .*\ngrace@example\.com +CONFIRMED/);
    // The local AWS revokes no tokens.
    expect((await pmcpDeploy(app, ['logout', ...HELLO])).stderr).toContain(`✔ signed out of ${outputs.helloMcpUrl}\n`);
    expect((await tryPmcpDeploy(app, ['logout', ...HELLO])).stderr).toContain(`there were no tokens of ${outputs.helloMcpUrl}`);
  });

  test.each([['machines', 'off: users configure'], ['jwt', 'off: users configure'], ['strict', 'off: users configure']])('test --auth of %s', async (server, registration) => {
    const { stdout, status } = await tryPmcpDeploy(app, ['test', '--local', '--server', server, '--auth', '--json']);
    const { results } = JSON.parse(stdout) as { results: Array<Record<string, string>> };
    expect(results.filter((result) => result.status === 'failed')).toEqual([]);
    expect(results.find(({ name }) => name === 'registration of clients')?.detail).toContain(registration);
    expect(status).toBe(0);
  });

  test('test --auth says of an open endpoint that it is open', async () => {
    const { stdout, status } = await tryPmcpDeploy(app, ['test', outputs.openMcpUrl, '--auth']);
    expect(stdout).toContain('anyone can call the endpoint');
    expect(status).toBe(3);
  });
});

describe('registration under attack', () => {
  const NAMES = [
    '<script>alert(1)</script>', '‮gnp.exe', 'Claude\u0000', 'a'.repeat(10_000), '\'; DROP TABLE clients; --', '${jndi:ldap://evil}', '😈'.repeat(200), '../../etc', '', ' ', 'Ⅽlaude',
  ];
  const URIS = [
    'https://evil.example.com/callback', 'javascript:alert(1)', 'http://localhost.evil.example.com/callback', 'http://localhost@evil.example.com/', 'http://127.0.0.1.evil.example.com/',
    'http://localhost:80/#fragment', 'http://localhost:99999/', 'data:text/html,x', 'http://[::ffff:127.0.0.1]/', 'http://2130706433/', 'http://localhost/../..//evil.example.com',
    'https://claude.ai/api/mcp/auth_callback?next=https://evil.example.com', 'https://claude.ai.evil.example.com/api/mcp/auth_callback', 'http://localhost\\@evil.example.com', '*', '',
  ];
  const BODIES = ['', 'no JSON', '[]', 'null', '{"redirect_uris":', '"text"', JSON.stringify({ redirect_uris: 'http://localhost/' }), 'x'.repeat(20_000), `${'['.repeat(5000)}${']'.repeat(5000)}`];

  /** One of four is well-formed but for its name; nobody could tell it from an honest client's. */
  function attack(index: number): string {
    const name = NAMES[index % NAMES.length];
    switch (index % 4) {
      case 0:
        return JSON.stringify({ client_name: name, redirect_uris: [`http://127.0.0.1:${40_000 + index}/callback`], scope: 'mcp/read aws.cognito.signin.user.admin' });
      case 1:
        return JSON.stringify({ client_name: name, redirect_uris: ['http://localhost:4711/callback', URIS[index % URIS.length]] });
      case 2:
        return JSON.stringify({ client_name: name, redirect_uris: ['http://localhost:4711/'], grant_types: ['client_credentials'], client_id: 'mine', client_secret: 'x' });
      default:
        return BODIES[index % BODIES.length];
    }
  }

  async function clients(): Promise<UserPoolClientType[]> {
    const found: UserPoolClientType[] = [];
    const pool = outputs.helloMcpUserPoolId;
    for await (const { UserPoolClients = [] } of paginateListUserPoolClients({ client: cognito }, { UserPoolId: pool, MaxResults: 60 })) {
      for (const { ClientId } of UserPoolClients) found.push(await clientOf(pool, ClientId!));
    }
    return found;
  }

  test('1,000 registrations leave the pool as it should be', async () => {
    const earlier = await clients();
    const before = new Set(earlier.map(({ ClientId }) => ClientId));
    const registered = earlier.filter(({ ClientName }) => ClientName!.startsWith('mcp-registered '));
    const metadata = await fetch(wellKnown(outputs.helloMcpIssuer, 'oauth-authorization-server'));
    const { registration_endpoint: url } = await metadata.json() as { registration_endpoint: string };
    const statuses: Record<number, number> = {};
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let index = next++; index < 1000; index = next++) {
        const { status } = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: attack(index) });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }));
    const added = (await clients()).filter(({ ClientId }) => !before.has(ClientId));
    // As many as a user pool has room for with managed login; the clients that registered themselves above are among them.
    expect(registered.length + added.length).toBe(19);
    expect(statuses).toEqual({ 201: added.length, 400: 750, 429: 250 - added.length });
    for (const client of added) {
      expect(client.ClientName).toMatch(/^mcp-registered [A-Za-z0-9 .,@+=_-]{1,64}$/);
      expect(client.CallbackURLs).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d{5}\/callback$/)]);
      expect(client).toMatchObject({ AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['mcp/read'], ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
      expect(client.ClientSecret).toBeUndefined();
    }
    // Who is in is still in.
    expect(await statusOf('hello', (await tokensOf('hello', SCOPES)).access_token)).toBe(200);
  });
});

test('the metadata of the authorization server pass the official conformance suite', async () => {
  const { stdout, status } = await authorizationScenario(outputs.helloMcpIssuer, 'authorization-server-metadata-endpoint');
  expect(stdout).toContain('Passed: 1/1, 0 failed');
  expect(status).toBe(0);
});

describe('cdk-nag, AwsSolutions', () => {
  beforeAll(async () => installNag(app));

  test('no mode has an error', async () => {
    const { status, stdout, stderr } = await nag(app, 'jwt', 'iam', 'cognito', 'none');
    expect(stdout + stderr).not.toMatch(/AwsSolutions|Error/);
    expect(status).toBe(0);
  });

  test('what is wrong is found', async () => {
    const { status, stdout, stderr } = await nag(app, 'queue');
    expect(stdout + stderr).toMatch(/AwsSolutions-SQS4/);
    expect(status).not.toBe(0);
  });
});

/** RFC 8414: the path of an issuer stands behind the well-known name. */
function wellKnown(url: string, name: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`;
}
