import {
  CognitoIdentityProviderClient, CreateManagedLoginBrandingCommand, CreateUserPoolClientCommand, DeleteManagedLoginBrandingCommand,
  DeleteUserPoolClientCommand, DescribeManagedLoginBrandingByClientCommand, LimitExceededException, ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  ConditionalCheckFailedException, DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { RegistrationSettings } from '../../src/auth/discovery/handler-settings';
import { handler as prune } from '../../src/handlers/pruning';
import { handler as register } from '../../src/handlers/registration';
import { handler as noteUse } from '../../src/handlers/usage';

const SETTINGS: RegistrationSettings = {
  userPoolId: 'us-east-1_Ab',
  table: 'registrations',
  redirectUris: [],
  redirectPrefixes: [],
  allowedScopes: ['mcp/read'],
  defaultScopes: ['mcp/read'],
  identityProviders: ['COGNITO'],
  accessTokenSeconds: 3600,
  refreshTokenSeconds: 86_400,
  maxPerHour: 3,
  maxPerHourAndAddress: 2,
  maxClients: 10,
  pruneAfterSeconds: 60,
  managedLogin: true,
};

const cognito = mockClient(CognitoIdentityProviderClient);
const dynamo = mockClient(DynamoDBClient);
let counters: Map<string, number>;

beforeEach(() => {
  process.env.MCP_AUTH = JSON.stringify(SETTINGS);
  cognito.reset();
  dynamo.reset();
  counters = new Map();
  cognito.on(CreateUserPoolClientCommand).resolves({ UserPoolClient: { ClientId: 'new-client' } });
  cognito.on(DescribeManagedLoginBrandingByClientCommand).callsFake(({ ClientId }) => (
    { ManagedLoginBranding: { ManagedLoginBrandingId: `style-${ClientId}` } }
  ));
  // The table's conditional counters.
  dynamo.on(UpdateItemCommand).callsFake(({ Key, UpdateExpression, ExpressionAttributeValues: values }) => {
    if (!UpdateExpression.startsWith('ADD')) return {};
    const count = counters.get(Key.pk.S) ?? 0;
    if (values[':limit'] && count >= Number(values[':limit'].N)) {
      throw new ConditionalCheckFailedException({ message: 'full', $metadata: {} });
    }
    counters.set(Key.pk.S, count + Number((values[':one'] ?? values[':less']).N));
    return {};
  });
  jest.spyOn(console, 'log').mockImplementation();
  jest.spyOn(console, 'error').mockImplementation();
});

afterEach(() => {
  delete process.env.MCP_AUTH;
  jest.restoreAllMocks();
});

async function post(body: unknown, sourceIp = '192.0.2.1', method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const result = await register({ rawPath: '/oauth/register', body: text, requestContext: { http: { method, sourceIp } } });
  return { ...result, json: result.body === '' ? undefined : JSON.parse(result.body) };
}

const CLIENT = { client_name: 'App', redirect_uris: ['http://localhost:4711/callback'], token_endpoint_auth_method: 'client_secret_basic' };

test('registers a public client', async () => {
  const { statusCode, json, headers } = await post(CLIENT);
  expect(statusCode).toBe(201);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
  expect(json).toEqual({
    client_id: 'new-client',
    client_id_issued_at: expect.any(Number),
    client_name: 'App',
    redirect_uris: CLIENT.redirect_uris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: 'mcp/read',
  });
  expect(cognito.commandCalls(CreateUserPoolClientCommand)[0].args[0].input).toMatchObject({
    UserPoolId: 'us-east-1_Ab',
    ClientName: 'mcp-registered App',
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['mcp/read'],
    CallbackURLs: CLIENT.redirect_uris,
  });
  expect(dynamo.commandCalls(PutItemCommand)[0].args[0].input.Item).toMatchObject({ pk: { S: 'client#new-client' } });
  expect(cognito.commandCalls(CreateManagedLoginBrandingCommand)).toHaveLength(1);
});

test('the classic page needs no branding', async () => {
  process.env.MCP_AUTH = JSON.stringify({ ...SETTINGS, managedLogin: false });
  expect((await post(CLIENT)).statusCode).toBe(201);
  expect(cognito.commandCalls(CreateManagedLoginBrandingCommand)).toHaveLength(0);
});

test('takes only so many of one address, and of all', async () => {
  const statuses = [];
  for (const address of [
    '192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3',
  ]) statuses.push((await post(CLIENT, address)).statusCode);
  expect(statuses).toEqual([201, 201, 429, 201, 429]);
  const { headers, json } = await post(CLIENT, '192.0.2.1');
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(json.error).toBe('temporarily_unavailable');
  expect(cognito.commandCalls(CreateUserPoolClientCommand)).toHaveLength(3);
});

test('takes no more clients than the pool may have', async () => {
  counters.set('clients', 10);
  expect((await post(CLIENT)).statusCode).toBe(429);
  expect(cognito.commandCalls(CreateUserPoolClientCommand)).toHaveLength(0);
});

test.each([
  ['not JSON', 400], ['[]', 400], ['', 400], ['null', 400], [JSON.stringify({ ...CLIENT, client_name: 'x'.repeat(20_000) }), 400],
  [JSON.stringify({ redirect_uris: ['https://evil.example'] }), 400],
])('refuses the body %.20s without touching the pool or the counters', async (body, status) => {
  expect((await post(body)).statusCode).toBe(status);
  expect(cognito.calls()).toHaveLength(0);
  expect(dynamo.calls()).toHaveLength(0);
});

test('a client that cannot be made is not counted', async () => {
  cognito.on(CreateUserPoolClientCommand).rejects(new TooManyRequestsException({ message: 'slow down', $metadata: {} }));
  const { statusCode, headers } = await post(CLIENT);
  expect(statusCode).toBe(429);
  expect(headers['retry-after']).toBe('5');
  expect(counters.get('clients')).toBe(0);
});

describe('security H4, aws A1: a user pool without room', () => {
  const full = () => new LimitExceededException({ message: 'Managed login branding limit exceeded', $metadata: {} });

  test('for a style: the client, its row and its count are taken back, and the answer is 503 with Retry-After', async () => {
    cognito.on(CreateManagedLoginBrandingCommand).rejects(full());
    const { statusCode, headers, json } = await post(CLIENT);
    expect(statusCode).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json).toEqual({ error: 'temporarily_unavailable', error_description: 'the user pool has no room for another client' });
    expect(cognito.commandCalls(DeleteUserPoolClientCommand)[0].args[0].input).toEqual({
      UserPoolId: 'us-east-1_Ab',
      ClientId: 'new-client',
    });
    expect(dynamo.commandCalls(DeleteItemCommand)[0].args[0].input.Key).toEqual({ pk: { S: 'client#new-client' } });
    expect(counters.get('clients')).toBe(0);
  });

  test('for a client: 503, and nothing is counted', async () => {
    cognito.on(CreateUserPoolClientCommand).rejects(full());
    expect((await post(CLIENT)).statusCode).toBe(503);
    expect(counters.get('clients')).toBe(0);
    expect(dynamo.commandCalls(PutItemCommand)).toHaveLength(0);
  });

  test('any other failure of the style takes the client back, too', async () => {
    cognito.on(CreateManagedLoginBrandingCommand).rejects(new TooManyRequestsException({ message: 'slow down', $metadata: {} }));
    expect((await post(CLIENT)).statusCode).toBe(429);
    expect(counters.get('clients')).toBe(0);
    cognito.on(CreateManagedLoginBrandingCommand).rejects(new Error('no permission'));
    await expect(post(CLIENT)).rejects.toThrow('no permission');
    expect(counters.get('clients')).toBe(0);
  });

  test('a client that cannot be taken back stays for the pruning, and is counted', async () => {
    cognito.on(CreateManagedLoginBrandingCommand).rejects(full());
    cognito.on(DeleteUserPoolClientCommand).rejects(new Error('no permission'));
    expect((await post(CLIENT)).statusCode).toBe(503);
    expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(0);
    expect(counters.get('clients')).toBe(1);
  });

  test('pruning frees the style with its client', async () => {
    dynamo.on(ScanCommand).resolves({ Items: [{ pk: { S: 'client#one' } }, { pk: { S: 'client#two' } }] });
    cognito.on(DescribeManagedLoginBrandingByClientCommand, { ClientId: 'two' }).rejects(
      new ResourceNotFoundException({ message: 'none', $metadata: {} }),
    );
    expect(await prune()).toEqual({ removed: 2 });
    expect(cognito.commandCalls(DeleteManagedLoginBrandingCommand).map(({ args }) => args[0].input)).toEqual([
      { UserPoolId: 'us-east-1_Ab', ManagedLoginBrandingId: 'style-one' },
    ]);
    expect(cognito.commandCalls(DeleteUserPoolClientCommand)).toHaveLength(2);
  });

  test('with the classic page there are no styles to free', async () => {
    process.env.MCP_AUTH = JSON.stringify({ ...SETTINGS, managedLogin: false });
    dynamo.on(ScanCommand).resolves({ Items: [{ pk: { S: 'client#one' } }] });
    expect(await prune()).toEqual({ removed: 1 });
    expect(cognito.commandCalls(DescribeManagedLoginBrandingByClientCommand)).toHaveLength(0);
  });
});

test('answers preflight requests, and no other methods', async () => {
  expect((await post('', '192.0.2.1', 'OPTIONS')).statusCode).toBe(204);
  const { statusCode, headers } = await post('', '192.0.2.1', 'GET');
  expect(statusCode).toBe(405);
  expect(headers.allow).toBe('POST, OPTIONS');
});

test('prunes what is unused, and only what was registered', async () => {
  counters.set('clients', 5);
  dynamo.on(ScanCommand).resolvesOnce({ Items: [{ pk: { S: 'client#one' } }], LastEvaluatedKey: { pk: { S: 'client#one' } } })
    .resolvesOnce({ Items: [{ pk: { S: 'client#two' } }] });
  cognito.on(DeleteUserPoolClientCommand, { ClientId: 'two' }).rejects(new ResourceNotFoundException({ message: 'gone', $metadata: {} }));
  expect(await prune()).toEqual({ removed: 2 });
  const { ExpressionAttributeValues: values } = dynamo.commandCalls(ScanCommand)[0].args[0].input;
  expect(values![':prefix']).toEqual({ S: 'client#' });
  expect(Math.abs(Number(values![':cutoff'].N) - (Date.now() / 1000 - 60))).toBeLessThan(5);
  expect(cognito.commandCalls(DeleteUserPoolClientCommand).map(({ args }) => args[0].input.ClientId)).toEqual(['one', 'two']);
  expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(2);
  expect(counters.get('clients')).toBe(3);
});

test('a client whose removal fails stays in the table', async () => {
  dynamo.on(ScanCommand).resolves({ Items: [{ pk: { S: 'client#one' } }] });
  cognito.on(DeleteUserPoolClientCommand).rejects(new Error('no permission'));
  await expect(prune()).rejects.toThrow('no permission');
  expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(0);
});

test('notes the use of registered clients, and never stands in the way', async () => {
  const event = { callerContext: { clientId: 'app' }, request: {}, response: {} };
  expect(await noteUse(event)).toBe(event);
  expect(dynamo.commandCalls(UpdateItemCommand)[0].args[0].input).toMatchObject({
    Key: { pk: { S: 'client#app' } }, ConditionExpression: 'attribute_exists(pk)', UpdateExpression: 'SET used = :now',
  });
  dynamo.on(UpdateItemCommand).rejects(new Error('no table'));
  expect(await noteUse(event)).toBe(event);
  dynamo.on(UpdateItemCommand).rejects(new ConditionalCheckFailedException({ message: 'not there', $metadata: {} }));
  expect(await noteUse(event)).toBe(event);
});
