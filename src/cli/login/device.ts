import { setTimeout as sleep } from 'node:timers/promises';
import { registerClient } from '@modelcontextprotocol/sdk/client/auth.js';
import { OAuthTokensSchema, type OAuthMetadata, type OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { discover, reasonOf } from './discovery';
import type { Document } from './metadata';
import { requireOneParty } from './one-party';
import { CLIENT_NAME, withTokens } from './provider';
import { secureFetch } from './secure-fetch';
import { explained, type SignInOptions } from './sign-in';
import { writeSignIn, type SignIn } from './store';
import { CliError, ExitCode } from '../util/errors';
import { plainText, quoted, secureUrl } from '../util/secure-url';
import { note, warn } from '../util/terminal';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEFAULT_INTERVAL_SECONDS = 5;
const MAX_INTERVAL_SECONDS = 60;
const MAX_SECONDS = 1800;

/** Codes that a person can type. */
const TYPABLE = /^[\x21-\x7e][\x20-\x7e]{0,63}$/;

/** What an authorization server answers to a device (RFC 8628), as far as it can be used. */
interface Device {
  readonly code: string;
  readonly userCode: string;

  /** The page where the person signs in. */
  readonly page: string;
  readonly seconds: number;
  readonly interval: number;
}

/**
 * Signs a person in on another machine: with a code that is typed there (RFC 8628).
 *
 * @throws CliError when the authorization server does not offer it, or refuses
 */
export async function signInWithDevice(url: string, given: Pick<SignInOptions, 'clientId' | 'scope' | 'issuer'>): Promise<SignIn> {
  const { server, resource: { resource, scopes_supported: scopes } } = await explained(url, async () => discover(url, given.issuer));
  const { issuer } = server;
  // RFC 8628 adds it to the metadata; the SDK does not know it.
  const endpoint = (server as Document).device_authorization_endpoint;
  if (typeof endpoint !== 'string') {
    throw new CliError(`${issuer} does not offer sign-in on another device`, {
      hint: 'sign in with the browser of this machine: leave out --device',
    });
  }
  await requireOneParty(server, 'device_authorization_endpoint');
  const scope = given.scope ?? scopes?.join(' ');
  const clientId = given.clientId ?? await register(url, server, scope);
  const asked = { client_id: clientId, ...scope === undefined ? {} : { scope }, resource };
  const { status, body } = await post(endpoint, asked);
  if (status !== 200) throw refused(url, body);
  const device = deviceOf(body, issuer);
  note(`Sign in on any machine at ${device.page}\nCode: ${device.userCode}`);
  const [host, own] = [device.page, server.token_endpoint].map((address) => new URL(address).host);
  if (host !== own) warn(`the page is of ${host}, and the sign-in is for ${own}: go on only where these belong together`);
  const tokens = await poll(url, server.token_endpoint, { ...asked, grant_type: GRANT, device_code: device.code }, device);
  const signIn = withTokens({ url, server, resource, client: { client_id: clientId, issuer } }, { ...tokens, issuer });
  writeSignIn(signIn);
  return signIn;
}

async function register(url: string, server: OAuthMetadata, scope?: string): Promise<string> {
  const client = await explained(url, async () => registerClient(server.issuer, {
    metadata: server,
    scope,
    clientMetadata: {
      client_name: CLIENT_NAME, redirect_uris: [], grant_types: [GRANT, 'refresh_token'], token_endpoint_auth_method: 'none',
    },
    fetchFn: secureFetch,
  }));
  return client.client_id;
}

/** @throws CliError when the answer is none, or a person must not see it */
function deviceOf(body: Document, issuer: string): Device {
  const { device_code: code, user_code: userCode, verification_uri_complete: complete, expires_in: seconds, interval } = body;
  if (typeof code !== 'string') throw new CliError(`${issuer} gave no device_code`, { exitCode: ExitCode.AWS_FAILURE });
  if (typeof userCode !== 'string' || !TYPABLE.test(userCode)) {
    throw new CliError(`the user_code of ${issuer} is ${quoted(userCode)}: it is not a code that a person can type`);
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

async function poll(url: string, endpoint: string, form: Record<string, string>, { seconds, interval }: Device): Promise<OAuthTokens> {
  let wait = interval;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline;) {
    await sleep(wait * 1000);
    const { status, body } = await post(endpoint, form);
    if (status === 200) return tokensOf(body, endpoint);
    if (body.error === 'slow_down') wait += DEFAULT_INTERVAL_SECONDS;
    else if (body.error !== 'authorization_pending') throw refused(url, body);
  }
  throw new CliError('nobody signed in before the code expired', { hint: 'run the command again' });
}

function tokensOf(body: Document, endpoint: string): OAuthTokens {
  const parsed = OAuthTokensSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CliError(`${endpoint} did not answer with tokens`, { exitCode: ExitCode.AWS_FAILURE });
}

async function post(endpoint: string, form: Record<string, string>): Promise<{ status: number; body: Document }> {
  try {
    const headers = { accept: 'application/json' };
    const answer = await secureFetch(endpoint, { method: 'POST', body: new URLSearchParams(form), headers });
    const body: unknown = await answer.json();
    return { status: answer.status, body: typeof body === 'object' && body !== null ? body as Document : {} };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${endpoint} did not answer as an authorization server does: ${reasonOf(error as Error)}`, {
      exitCode: ExitCode.AWS_FAILURE, cause: error,
    });
  }
}

function refused(url: string, { error, error_description: description }: Document): CliError {
  return new CliError(`signing in to ${url} was refused: ${plainText(String(description ?? error ?? 'no reason given'))}`);
}
