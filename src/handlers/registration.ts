import {
  CognitoIdentityProviderClient, CreateManagedLoginBrandingCommand, CreateUserPoolClientCommand, DeleteUserPoolClientCommand,
  LimitExceededException, TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AcceptedClient, RefusedClient, acceptClient } from './shared/client-metadata';
import { HttpEvent, HttpResult, json, preflight, readSettings } from './shared/http';
import { CLIENTS, CLIENT_PREFIX, countDown, countUp, dynamo, nowInSeconds } from './shared/registry';
import type { RegistrationSettings } from '../auth/discovery/handler-settings';

const METHODS = 'POST, OPTIONS';
const MAX_BODY_BYTES = 16_384;
const HOUR = 3600;
const DAY = 24 * HOUR;

const cognito = new CognitoIdentityProviderClient({});

/** Register a client (RFC 7591) as a public client of the user pool, without a secret. */
export async function handler(event: HttpEvent): Promise<HttpResult> {
  const { method, sourceIp } = event.requestContext.http;
  if (method === 'OPTIONS') return preflight(METHODS);
  if (method !== 'POST') return json(405, { error: 'invalid_request', error_description: 'only POST is allowed' }, { allow: METHODS });
  const config = readSettings<RegistrationSettings>();
  try {
    const client = acceptClient(bodyOf(event), config);
    const refusal = await countRegistration(config, sourceIp ?? 'unknown');
    return refusal ?? json(201, await register(client, config));
  } catch (error) {
    if (error instanceof RefusedClient) return json(400, { error: error.code, error_description: error.message });
    if (error instanceof TooManyRequestsException) return tooMany('the user pool is busy', 5);
    if (error instanceof LimitExceededException) return unavailable(error);
    throw error;
  }
}

function bodyOf(event: HttpEvent): unknown {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf-8');
  if (body.length > MAX_BODY_BYTES) {
    throw new RefusedClient('invalid_client_metadata', `the body must have at most ${MAX_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(body.toString('utf-8'));
  } catch {
    throw new RefusedClient('invalid_client_metadata', 'the body must be a JSON object');
  }
}

/** Count the registration. The result is the refusal if a limit is exceeded. A limit per address keeps one from using up the others. */
async function countRegistration(config: RegistrationSettings, address: string): Promise<HttpResult | undefined> {
  const now = nowInSeconds();
  const hour = Math.floor(now / HOUR);
  const rest = (hour + 1) * HOUR - now;
  const expires = now + 2 * HOUR;
  if (!await countUp(config.table, `address#${address}#${hour}`, config.maxPerHourAndAddress, expires)) {
    return tooMany('too many registrations from this address', rest);
  }
  if (!await countUp(config.table, `all#${hour}`, config.maxPerHour, expires)) return tooMany('too many registrations', rest);
  if (!await countUp(config.table, CLIENTS, config.maxClients)) return tooMany('the maximum number of clients is registered', DAY);
  return undefined;
}

function tooMany(description: string, seconds: number): HttpResult {
  return retryLater(429, description, seconds);
}

/** A quota of the user pool is exhausted. It also counts other clients. The daily pruning may free some of it. */
function unavailable(error: LimitExceededException): HttpResult {
  console.error(JSON.stringify({ message: 'the user pool has no room for another client', error: String(error) }));
  return retryLater(503, 'the user pool has no room for another client', DAY);
}

function retryLater(statusCode: number, description: string, seconds: number): HttpResult {
  const headers = { 'retry-after': String(seconds), 'cache-control': 'no-store' };
  return json(statusCode, { error: 'temporarily_unavailable', error_description: description }, headers);
}

async function register(client: AcceptedClient, config: RegistrationSettings): Promise<object> {
  const clientId = await createClient(client, config);
  const now = nowInSeconds();
  // From now on the client is pruned if it is not used, even if a later step fails.
  const item = { pk: { S: `${CLIENT_PREFIX}${clientId}` }, used: { N: String(now) } };
  await dynamo.send(new PutItemCommand({ TableName: config.table, Item: item }));
  if (config.managedLogin) await createSignInPage(clientId, config);
  return {
    client_id: clientId,
    client_id_issued_at: now,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: client.scopes.join(' '),
  };
}

/** Create the sign-in page of a client. If that fails, delete the client: it would be useless, and count towards the limits. */
async function createSignInPage(clientId: string, config: RegistrationSettings): Promise<void> {
  try {
    await cognito.send(new CreateManagedLoginBrandingCommand({
      UserPoolId: config.userPoolId, ClientId: clientId, UseCognitoProvidedValues: true,
    }));
  } catch (error) {
    await deleteClient(clientId, config);
    throw error;
  }
}

/** Delete a client. If deleting it fails, its row stays, so that the daily pruning deletes it and counts down. */
async function deleteClient(clientId: string, config: RegistrationSettings): Promise<void> {
  try {
    await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId: config.userPoolId, ClientId: clientId }));
    await dynamo.send(new DeleteItemCommand({ TableName: config.table, Key: { pk: { S: `${CLIENT_PREFIX}${clientId}` } } }));
    await countDown(config.table, CLIENTS);
  } catch (error) {
    console.error(JSON.stringify({ message: 'cannot delete a client without a sign-in page', clientId, error: String(error) }));
  }
}

async function createClient(client: AcceptedClient, config: RegistrationSettings): Promise<string> {
  try {
    const { UserPoolClient } = await cognito.send(new CreateUserPoolClientCommand({
      UserPoolId: config.userPoolId,
      ClientName: `mcp-registered ${client.name}`,
      GenerateSecret: false,
      CallbackURLs: [...client.redirectUris],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: [...client.scopes],
      SupportedIdentityProviders: [...config.identityProviders],
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: config.accessTokenSeconds,
      IdTokenValidity: config.accessTokenSeconds,
      RefreshTokenValidity: config.refreshTokenSeconds,
      TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' },
    }));
    return UserPoolClient!.ClientId!;
  } catch (error) {
    await countDown(config.table, CLIENTS);
    throw error;
  }
}
