import { setTimeout as sleep } from 'node:timers/promises';
import { registerClient } from '@modelcontextprotocol/sdk/client/auth.js';
import { OAuthTokensSchema, type OAuthMetadata, type OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { SignInOptions } from './browser-sign-in';
import { discover, networkErrorText } from './discovery';
import type { JsonDocument } from './metadata';
import { CLIENT_NAME, withTokens } from './provider';
import { requireSameOperator } from './same-operator';
import { secureFetch } from './secure-fetch';
import { withSignInErrors } from './sign-in-errors';
import { writeSignIn, type SignIn } from './store';
import { CliError, ExitCode } from '../util/errors';
import { secureUrl } from '../util/secure-url';
import { note, warn } from '../util/terminal';
import { quoted, shortLine } from '../util/untrusted-text';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEFAULT_INTERVAL_SECONDS = 5;
const MAX_INTERVAL_SECONDS = 60;
const MAX_SECONDS = 1800;

/** Codes that a user can type. */
const TYPABLE = /^[\x21-\x7e][\x20-\x7e]{0,63}$/;

/** The device authorization response of an authorization server (RFC 8628), checked. */
interface DeviceAuthorization {
  readonly code: string;
  readonly userCode: string;

  /** The page where the user signs in. */
  readonly page: string;
  readonly seconds: number;
  readonly interval: number;
}

/**
 * Sign the user in on another machine, with a code that is typed there (RFC 8628).
 *
 * @throws CliError if the authorization server does not offer that, or refuses
 */
export async function signInWithDevice(url: string, options: Pick<SignInOptions, 'clientId' | 'scope' | 'issuer'>): Promise<SignIn> {
  const discovered = await withSignInErrors(url, async () => discover(url, options.issuer));
  const { server, resource: { resource, scopes_supported: scopes } } = discovered;
  const { issuer } = server;
  // RFC 8628 adds this endpoint to the metadata. The SDK does not know it.
  const endpoint = (server as JsonDocument).device_authorization_endpoint;
  if (typeof endpoint !== 'string') {
    throw new CliError(`${issuer} does not offer sign-in on another device`, {
      hint: 'sign in with the browser of this machine: omit --device',
    });
  }
  await requireSameOperator(server, 'device_authorization_endpoint');
  const scope = options.scope ?? scopes?.join(' ');
  const clientId = options.clientId ?? await registerDevice(url, server, scope);
  const form = { client_id: clientId, ...scope === undefined ? {} : { scope }, resource };
  const { status, body } = await post(endpoint, form);
  if (status !== 200) throw signInRefused(url, body);
  const device = parseDeviceAuthorization(body, issuer);
  note(`Sign in on any machine at ${device.page}\nCode: ${device.userCode}`);
  const [pageHost, host] = [device.page, server.token_endpoint].map((address) => new URL(address).host);
  if (pageHost !== host) warn(`the page is of ${pageHost}, and the sign-in is for ${host}: continue only if these belong together`);
  const tokens = await poll(url, server.token_endpoint, { ...form, grant_type: GRANT, device_code: device.code }, device);
  const signIn = withTokens({ url, server, resource, client: { client_id: clientId, issuer } }, { ...tokens, issuer });
  writeSignIn(signIn);
  return signIn;
}

async function registerDevice(url: string, server: OAuthMetadata, scope?: string): Promise<string> {
  const client = await withSignInErrors(url, async () => registerClient(server.issuer, {
    metadata: server,
    scope,
    clientMetadata: {
      client_name: CLIENT_NAME, redirect_uris: [], grant_types: [GRANT, 'refresh_token'], token_endpoint_auth_method: 'none',
    },
    fetchFn: secureFetch,
  }));
  return client.client_id;
}

/** @throws CliError if the answer is incomplete, or has a text that must not be shown */
function parseDeviceAuthorization(body: JsonDocument, issuer: string): DeviceAuthorization {
  const { device_code: code, user_code: userCode, verification_uri_complete: complete, expires_in: seconds, interval } = body;
  if (typeof code !== 'string') throw new CliError(`${issuer} sent no device_code`, { exitCode: ExitCode.AWS_FAILURE });
  if (typeof userCode !== 'string' || !TYPABLE.test(userCode)) {
    throw new CliError(`the user_code of ${issuer} is ${quoted(userCode)}: it is not a code that a user can type`);
  }
  const page = secureUrl(body.verification_uri, `verification_uri of ${issuer}`, issuer);
  return {
    code,
    userCode,
    page: complete === undefined ? page : secureUrl(complete, `verification_uri_complete of ${issuer}`, issuer),
    seconds: between(seconds, 0, MAX_SECONDS, MAX_SECONDS),
    interval: between(interval, 0, MAX_INTERVAL_SECONDS, DEFAULT_INTERVAL_SECONDS),
  };
}

function between(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === 'number' && value > least ? Math.min(value, most) : otherwise;
}

async function poll(
  url: string, endpoint: string, form: Record<string, string>, { seconds, interval }: DeviceAuthorization,
): Promise<OAuthTokens> {
  let wait = interval;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline;) {
    await sleep(wait * 1000);
    const { status, body } = await post(endpoint, form);
    if (status === 200) return parseTokens(body, endpoint);
    if (body.error === 'slow_down') wait += DEFAULT_INTERVAL_SECONDS;
    else if (body.error !== 'authorization_pending') throw signInRefused(url, body);
  }
  throw new CliError('no one signed in before the code expired', { hint: 'run the command again' });
}

function parseTokens(body: JsonDocument, endpoint: string): OAuthTokens {
  const parsed = OAuthTokensSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CliError(`${endpoint} did not answer with tokens`, { exitCode: ExitCode.AWS_FAILURE });
}

async function post(endpoint: string, form: Record<string, string>): Promise<{ status: number; body: JsonDocument }> {
  try {
    const headers = { accept: 'application/json' };
    const answer = await secureFetch(endpoint, { method: 'POST', body: new URLSearchParams(form), headers });
    const body: unknown = await answer.json();
    return { status: answer.status, body: typeof body === 'object' && body !== null ? body as JsonDocument : {} };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${endpoint} did not answer as an authorization server: ${networkErrorText(error as Error)}`, {
      exitCode: ExitCode.AWS_FAILURE, cause: error,
    });
  }
}

function signInRefused(url: string, { error, error_description: description }: JsonDocument): CliError {
  return new CliError(`signing in to ${url} was refused: ${shortLine(String(description ?? error ?? 'no reason given'))}`);
}
