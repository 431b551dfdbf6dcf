import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiGatewayV2Client, CreateApiCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  CognitoIdentityProviderClient, CreateUserPoolClientCommand, CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './support/chromium';
import { inventory, type LocalClient } from './support/local-aws';
import { createFunction, ROLE, send, signed, startOwn, stopOwn, zip, type RawRequest } from './support/own-local-aws';

const SECRET = 'what-nobody-else-may-read';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const PAGE = readFileSync(join(__dirname, 'support', 'attacking-page.html'));
const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-attacks-'));
const marker = join(folder, 'ran');
const LEAVES_A_MARK = `
def handler(event, context):
    open(${JSON.stringify(marker)}, 'a').write('ran\\n')
    return {'ran': True}
`;

/** Answers with what a function sees, and reads a secret as an SDK does. */
const LOOKS_AROUND = `
import botocore.session, os
def handler(event, context):
    client = botocore.session.get_session().create_client('secretsmanager')
    secret = client.get_secret_value(SecretId='vault')['SecretString']
    return {'environment': dict(os.environ), 'home': os.listdir(os.path.expanduser('~')), 'secret': secret}
`;

interface Seen {
  readonly environment: Record<string, string>;
  readonly home: string[];
  readonly secret: string;
}

/** Answers each event with the address of its Runtime API. */
const OWN_RUNTIME = `#!/usr/bin/env python3
import json, os, urllib.request
base = 'http://' + os.environ['AWS_LAMBDA_RUNTIME_API'] + '/2018-06-01/runtime/invocation/'
while True:
    event = urllib.request.urlopen(base + 'next')
    body = json.dumps({'api': os.environ['AWS_LAMBDA_RUNTIME_API']}).encode()
    urllib.request.urlopen(urllib.request.Request(base + event.headers['Lambda-Runtime-Aws-Request-Id'] + '/response', body))
`;

let owner: LocalClient;
let earlier: LocalClient;
let lambda: LambdaClient;
let operations: Record<string, { service: string; raw: RawRequest; works: RegExp }>;
let before: unknown;
let apiId: string;
let authorizeUrl: string;
let pages: Server;
let pagesPort: number;
let browser: Browser;

beforeAll(async () => {
  earlier = await startOwn();
  owner = await startOwn();
  lambda = new LambdaClient(owner);
  await createFunction(lambda, 'victim', LEAVES_A_MARK);
  await createFunction(lambda, 'api', 'def handler(event, context):\n    return {"statusCode": 200, "body": "an answer"}\n');
  await new SecretsManagerClient(owner).send(new CreateSecretCommand({ Name: 'vault', SecretString: SECRET }));
  await putObject('/vault', '');
  await putObject('/vault/secret.txt', SECRET);
  await addUserPool();
  pages = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(PAGE));
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  pagesPort = (pages.address() as AddressInfo).port;
  await addApi();
  operations = await everyOperation();
  // Names that anybody can lead to this machine, as by DNS rebinding.
  browser = await launchBrowser(['--host-resolver-rules=MAP *.test 127.0.0.1']);
  // A function that has run once has a log group.
  const publicRoute = { method: 'GET', path: `/_aws/execute-api/${apiId}/open` };
  expect(await send(owner.endpoint, publicRoute)).toMatchObject({ status: 200, body: 'an answer' });
  before = await state();
});

afterAll(async () => {
  await browser?.close();
  pages?.close();
  await stopOwn();
  rmSync(folder, { recursive: true, force: true });
});

async function putObject(path: string, body: string): Promise<void> {
  const raw = { method: 'PUT', path, body };
  expect((await send(owner.endpoint, { ...raw, headers: await signed(owner, 's3', raw) })).status).toBe(200);
}

/** An HTTP API that lets pages of one origin call it. */
async function addApi(): Promise<void> {
  const client = new ApiGatewayV2Client(owner);
  const cors = { AllowOrigins: [`http://allowed.test:${pagesPort}`], AllowMethods: ['GET'], AllowHeaders: ['authorization'] };
  const api = await client.send(new CreateApiCommand({ Name: 'api', ProtocolType: 'HTTP', CorsConfiguration: cors }));
  apiId = api.ApiId!;
  const IntegrationUri = 'arn:aws:lambda:us-east-1:000000000000:function:api';
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({
    ApiId: apiId, IntegrationType: 'AWS_PROXY', IntegrationUri, PayloadFormatVersion: '2.0',
  }));
  const route = { ApiId: apiId, Target: `integrations/${IntegrationId}` };
  await client.send(new CreateRouteCommand({ ...route, RouteKey: 'GET /open' }));
  await client.send(new CreateRouteCommand({ ...route, RouteKey: 'GET /signed', AuthorizationType: 'AWS_IAM' }));
  await client.send(new CreateStageCommand({ ApiId: apiId, StageName: '$default', AutoDeploy: true }));
}

let poolId: string;

async function addUserPool(): Promise<void> {
  const cognito = new CognitoIdentityProviderClient(owner);
  poolId = (await cognito.send(new CreateUserPoolCommand({ PoolName: 'pool' }))).UserPool!.Id!;
  const callback = 'http://localhost:1/callback';
  const { UserPoolClient } = await cognito.send(new CreateUserPoolClientCommand({
    UserPoolId: poolId,
    ClientName: 'client',
    CallbackURLs: [callback],
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    AllowedOAuthFlowsUserPoolClient: true,
    SupportedIdentityProviders: ['COGNITO'],
  }));
  const clientId = UserPoolClient!.ClientId!;
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: callback, scope: 'openid' });
  authorizeUrl = `${owner.endpoint}/oauth2/authorize?${query}`;
}

async function everyOperation(): Promise<typeof operations> {
  const code = (await zip({ 'index.py': LEAVES_A_MARK })).toString('base64');
  const create = { FunctionName: 'intruder', Role: ROLE, Runtime: 'python3.12', Handler: 'index.handler', Code: { ZipFile: code } };
  const target = (name: string) => ({ 'x-amz-target': `secretsmanager.${name}`, 'content-type': 'application/x-amz-json-1.1' });
  return {
    'create a function': {
      service: 'lambda', raw: { method: 'POST', path: '/2015-03-31/functions', body: JSON.stringify(create) }, works: /intruder/,
    },
    'invoke a function': {
      service: 'lambda', raw: { method: 'POST', path: '/2015-03-31/functions/victim/invocations', body: '{}' }, works: /ran/,
    },
    'read a secret': {
      service: 'secretsmanager',
      raw: { method: 'POST', path: '/', body: '{"SecretId":"vault"}', headers: target('GetSecretValue') },
      works: new RegExp(SECRET),
    },
    'read an object': { service: 's3', raw: { method: 'GET', path: '/vault/secret.txt' }, works: new RegExp(SECRET) },
    'get credentials': {
      service: 'sts',
      raw: { method: 'POST', path: '/', body: 'Action=GetSessionToken&Version=2011-06-15', headers: FORM },
      works: /SecretAccessKey/,
    },
    'ask for its health': { service: 's3', raw: { method: 'GET', path: '/_ministack/health' }, works: /services/ },
    'change its settings': { service: 's3', raw: { method: 'POST', path: '/_ministack/config', body: '{}' }, works: /applied/ },
    // At the end: it removes all.
    'reset it': { service: 's3', raw: { method: 'POST', path: '/_ministack/reset' }, works: /ok/ },
  };
}

async function state(): Promise<unknown> {
  const { SecretList } = await new SecretsManagerClient(owner).send(new ListSecretsCommand({}));
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const secrets = SecretList!.map(({ Name, LastChangedDate }) => [Name, LastChangedDate]);
  return { names: await inventory(owner), secrets, functions: Functions };
}

async function expectNothingHappened(): Promise<void> {
  expect(existsSync(marker)).toBe(false);
  expect(await state()).toEqual(before);
}

/** How an attacker changes a request, by who it is. */
const ATTACKERS: Record<string, (operation: { service: string; raw: RawRequest }) => Promise<Record<string, string>>> = {
  'without a signature': async ({ raw }) => ({ ...raw.headers }),
  'with the right access key and no signature': async ({ service, raw }) => ({
    ...raw.headers, 'authorization': `AWS4-HMAC-SHA256 ${forged(service)}`, 'x-amz-date': now(),
  }),
  'with the secret "test"': async ({ service, raw }) => signed(asOwnerWith('test'), service, raw),
  'with the secret of an earlier start': async ({ service, raw }) => signed(asOwnerWith(earlier.credentials.secretAccessKey), service, raw),
  'with the signature of another request': async ({ service, raw }) => ({
    ...raw.headers, ...await signed(owner, service, { method: raw.method, path: '/other' }),
  }),
  'with another body than was signed': async ({ service, raw }) => signed(owner, service, { ...raw, body: `${raw.body ?? ''} ` }),
  'by a foreign host name': async ({ service, raw }) => ({
    ...await signed(owner, service, raw), host: `evil.test:${new URL(owner.endpoint).port}`,
  }),
  'by the right address with another port': async ({ service, raw }) => ({ ...await signed(owner, service, raw), host: '127.0.0.1:80' }),
  'by the host name of an API': async ({ service, raw }) => ({
    ...await signed(owner, service, raw), host: `${apiId}.execute-api.localhost:${new URL(owner.endpoint).port}`,
  }),
  'from a foreign origin': async ({ service, raw }) => ({ ...await signed(owner, service, raw), origin: 'https://evil.example' }),
  'from an opaque origin': async ({ service, raw }) => ({ ...await signed(owner, service, raw), origin: 'null' }),
  'from another port of this machine': async ({ service, raw }) => ({
    ...await signed(owner, service, raw), origin: 'http://127.0.0.1:3000',
  }),
  'from a page of another site': async ({ service, raw }) => ({ ...await signed(owner, service, raw), 'sec-fetch-site': 'cross-site' }),
  'from a page of the same site': async ({ service, raw }) => ({ ...await signed(owner, service, raw), 'sec-fetch-site': 'same-site' }),
};

/** A time as in signatures. */
function now(): string {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, '');
}

function forged(service: string): string {
  const credential = `000000000000/${now().slice(0, 8)}/us-east-1/${service}/aws4_request`;
  return `Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

function asOwnerWith(secretAccessKey: string): LocalClient {
  return { ...owner, credentials: { ...owner.credentials, secretAccessKey } };
}

test.each(Object.keys(ATTACKERS))('security C1: %s, nothing can be done', async (attacker) => {
  for (const [name, operation] of Object.entries(operations)) {
    const headers = await ATTACKERS[attacker](operation);
    const { status, body, headers: answered } = await send(owner.endpoint, { ...operation.raw, headers });
    expect([name, status]).toEqual([name, 403]);
    expect(body).not.toContain(SECRET);
    expect(answered).not.toHaveProperty('access-control-allow-origin');
  }
  await expectNothingHappened();
});

test('security C1: preflights of foreign pages are refused', async () => {
  for (const { raw } of Object.values(operations)) {
    const headers = {
      'origin': 'https://evil.example',
      'access-control-request-method': raw.method,
      'access-control-request-private-network': 'true',
    };
    const { status, headers: answered } = await send(owner.endpoint, { method: 'OPTIONS', path: raw.path, headers });
    expect(status).toBe(403);
    expect(Object.keys(answered).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test.each([
  '/_aws/execute-api/../../_ministack/reset', '/_aws/execute-api/%2e%2e/%2e%2e/_ministack/reset', '//_ministack/reset',
  '/%5Fministack/reset',
  '/_ministack/reset?x=/_aws/execute-api/a/', '/.well-known/x/_aws/execute-api/../../_ministack/reset', '/login/../_ministack/reset',
  '/_ministack/cfn-response/../reset', '/_aws/execute-api/API/prod/@connections/x', '/_ministack/cfn-response/unknown',
  '/_aws/lambda-url/unknown/',
])('security C1: no path leads past the guard: %s', async (path) => {
  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
    const { status, body } = await send(owner.endpoint, { method, path: path.replace('API', apiId) });
    // An API without such a route says so; nothing else may be reached.
    expect([403, 404]).toContain(status);
    expect(body).not.toMatch(/reset"|edition|services/);
  }
  await expectNothingHappened();
});

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

/** Calls a function of the page: see support/attacking-page.html. */
async function inPage<T>(page: Page, name: string, argument: unknown): Promise<T> {
  return page.evaluate<T>(`${name}(${JSON.stringify(argument)})`);
}

/** The status of the answer to a request that a page makes by a function of its own, though the page may not be told it. */
async function statusOf(home: string, url: string, name: string, argument: object = {}): Promise<number> {
  const page = await open(home);
  try {
    const answered = page.waitForResponse((response) => response.url().startsWith(url));
    // A page that is left cannot say so any more.
    await inPage(page, name, { url, ...argument }).catch(() => undefined);
    return (await answered).status();
  } finally {
    await page.close();
  }
}

describe.each([['another site', 'evil.test'], ['another port of this machine', '127.0.0.1']])('security C1: a page of %s', (_, host) => {
  let page: Page;
  const home = () => `http://${host}:${pagesPort}/`;

  beforeEach(async () => {
    page = await open(home());
  });

  afterEach(() => page.close());

  test('can neither call, nor read, nor scan', async () => {
    const requests = Object.entries(operations).map(([name, { raw }]) => ({ name, ...raw, body: raw.body ?? '' }));
    const tried = await inPage<Record<string, string>>(page, 'tryAll', { endpoint: owner.endpoint, requests });
    expect(Object.keys(tried).length).toBeGreaterThan(25);
    expect(new Set(Object.values(tried))).toEqual(new Set(['failed']));
    await expectNothingHappened();
  });

  test('can send no forms, and can open no addresses of AWS', async () => {
    for (const { raw: { method, path, body = '' } } of Object.values(operations)) {
      const url = owner.endpoint + path;
      expect(await statusOf(home(), url, 'submitForm', { method, body })).toBe(403);
      expect(await statusOf(home(), url, 'follow')).toBe(403);
    }
    await expectNothingHappened();
  });

  test('may link to the sign-in page, but not read it, frame it, or fill it in', async () => {
    expect(await inPage(page, 'read', { url: authorizeUrl })).toBe('failed');
    expect(await statusOf(home(), authorizeUrl, 'frame')).toBe(403);
    expect(await statusOf(home(), `${owner.endpoint}/login`, 'submitForm', { method: 'POST', body: 'username=mallory' })).toBe(403);
    expect(await statusOf(home(), authorizeUrl, 'follow')).toBe(200);
  });

  test('may get tokens and keys, which Amazon Cognito gives to pages of every origin', async () => {
    const url = `${owner.endpoint}/oauth2/token`;
    const form = { method: 'POST', headers: FORM, body: 'grant_type=authorization_code&code=none' };
    expect(JSON.parse(await inPage(page, 'read', { url, ...form }))).toMatchObject({ error: expect.any(String) });
    const keys = `${owner.endpoint}/${poolId}/.well-known/jwks.json`;
    expect(JSON.parse(await inPage(page, 'read', { url: keys }))).toMatchObject({ keys: expect.any(Array) });
  });

  test('gets of an API what its own CORS configuration allows', async () => {
    const call = { url: `${owner.endpoint}/_aws/execute-api/${apiId}/open`, headers: { authorization: 'x' } };
    expect(await inPage(page, 'read', call)).toBe('failed');
    const allowed = await open(`http://allowed.test:${pagesPort}/`);
    expect(await inPage(allowed, 'read', call)).toBe('an answer');
    await allowed.close();
  });
});

test('security C1: a name that leads here (DNS rebinding) opens nothing, not even an API', async () => {
  const page = await browser.newPage();
  const { port } = new URL(owner.endpoint);
  for (const path of ['/', '/_ministack/health', `/_aws/execute-api/${apiId}/open`, new URL(authorizeUrl).pathname]) {
    expect((await page.goto(`http://rebound.test:${port}${path}`))!.status()).toBe(403);
    // From there, the page is of the same origin.
    const create = 'fetch("/2015-03-31/functions", { method: "POST", body: "{}" })';
    expect(await page.evaluate(`${create}.then((answer) => answer.status)`)).toBe(403);
  }
  await page.close();
  await expectNothingHappened();
});

test('an API with AWS_IAM checks signatures, as API Gateway does', async () => {
  const raw = { method: 'GET', path: `/_aws/execute-api/${apiId}/signed` };
  const status = async (headers: Record<string, string>) => (await send(owner.endpoint, { ...raw, headers })).status;
  expect(await status({})).toBe(403);
  expect(await status({ authorization: `AWS4-HMAC-SHA256 ${forged('execute-api')}` })).toBe(403);
  expect(await status(await signed(asOwnerWith('test'), 'execute-api', raw))).toBe(403);
  expect(await status(await signed(owner, 'execute-api', raw))).toBe(200);
});

test('an answer to a request that is too large is that of an HTTP API', async () => {
  const path = `/_aws/execute-api/${apiId}/open`;
  expect(await send(owner.endpoint, { method: 'GET', path, headers: { 'x-large': 'x'.repeat(10_100) } })).toMatchObject({ status: 200 });
  expect(await send(owner.endpoint, { method: 'GET', path, headers: { 'x-large': 'x'.repeat(10_240) } })).toMatchObject({ status: 431 });
});

test("a function's code can be downloaded from the address that GetFunction tells, and from no other", async () => {
  const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: 'victim' }));
  const url = new URL(Code!.Location!);
  expect((await fetch(url)).status).toBe(200);
  url.searchParams.set('X-Amz-Signature', '0'.repeat(64));
  expect((await fetch(url)).status).toBe(403);
  expect((await fetch(`${url.origin}${url.pathname}`)).status).toBe(403);
});

test('security C1: a function gets credentials that work here, and nothing of the developer', async () => {
  process.env.AWS_PROFILE = 'mine';
  await createFunction(lambda, 'curious', LOOKS_AROUND, { Timeout: 30 });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'curious' }));
  const { environment, home, secret } = JSON.parse(Buffer.from(Payload!).toString()) as Seen;
  expect(secret).toBe(SECRET);
  expect(environment).toMatchObject({
    AWS_SECRET_ACCESS_KEY: owner.credentials.secretAccessKey,
    AWS_ENDPOINT_URL: owner.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
  });
  expect(environment).not.toHaveProperty('AWS_PROFILE');
  expect(environment.HOME).not.toBe(process.env.HOME);
  expect(home).toEqual([]);
});

test("security C1: a function's Runtime API answers no page and no other name", async () => {
  const ZipFile = await zip({ bootstrap: OWN_RUNTIME });
  await createFunction(lambda, 'custom', '', { Runtime: 'provided.al2023', Code: { ZipFile } });
  const invoke = async () => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'custom' }));
    return JSON.parse(Buffer.from(Payload!).toString()) as { api: string };
  };
  const { api } = await invoke();
  const path = '/2018-06-01/runtime/init/error';
  const foreign: Array<Record<string, string>> = [
    { origin: 'https://evil.example' }, { host: `evil.test:${api.split(':')[1]}` }, { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    expect((await send(`http://${api}`, { method: 'POST', path, headers, body: '{}' })).status).toBe(403);
    expect((await send(`http://${api}`, { method: 'GET', path: '/2018-06-01/runtime/invocation/next', headers })).status).toBe(403);
  }
  expect(await invoke()).toEqual({ api });
});

test('with the secret of this start, each of these operations works', async () => {
  for (const [name, { service, raw, works }] of Object.entries(operations)) {
    const { status, body } = await send(owner.endpoint, { ...raw, headers: await signed(owner, service, raw) });
    expect([name, status < 300]).toEqual([name, true]);
    expect(body).toMatch(works);
  }
  expect(readFileSync(marker, 'utf-8')).toBe('ran\n');
});
