import { setTimeout as sleep } from 'node:timers/promises';
import { discoverOAuthServerInfo, registerClient } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { CliError, ExitCode } from '../errors';
import { note } from '../terminal';
import { CLIENT_NAME, withTokens } from './provider';
import { explained, requireMetadata } from './sign-in';
import { writeSignIn, type SignIn } from './store';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEFAULT_INTERVAL_SECONDS = 5;

/** What an authorization server answers to a device (RFC 8628). */
interface Device {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete?: string;
  readonly expires_in: number;
  readonly interval?: number;
}

/**
 * Signs a person in on another machine: with a code that is typed there (RFC 8628).
 *
 * @throws CliError when the authorization server does not offer it, or refuses
 */
export async function signInWithDevice(url: string, given: { readonly clientId?: string; readonly scope?: string }): Promise<SignIn> {
  await requireMetadata(url);
  const info = await explained(url, async () => discoverOAuthServerInfo(url));
  const { authorizationServerMetadata: metadata, authorizationServerUrl, resourceMetadata } = info;
  // RFC 8628 adds it to the metadata; the SDK does not know it.
  const endpoint = (metadata as Record<string, unknown> | undefined)?.device_authorization_endpoint;
  if (typeof endpoint !== 'string' || metadata === undefined) {
    throw new CliError(`${authorizationServerUrl} does not offer sign-in on another device`, { hint: 'sign in with the browser of this machine: leave out --device' });
  }
  const scope = given.scope ?? resourceMetadata?.scopes_supported?.join(' ');
  const clientId = given.clientId ?? (await explained(url, async () => registerClient(authorizationServerUrl, {
    metadata, scope, clientMetadata: { client_name: CLIENT_NAME, redirect_uris: [], grant_types: [GRANT, 'refresh_token'], token_endpoint_auth_method: 'none' },
  }))).client_id;
  const asked = { client_id: clientId, ...scope === undefined ? {} : { scope }, resource: resourceMetadata?.resource ?? url };
  const { status, body } = await post(endpoint, asked);
  if (status !== 200) throw refused(url, body);
  const device = body as unknown as Device;
  note(`Sign in on any machine at ${device.verification_uri_complete ?? device.verification_uri}\nCode: ${device.user_code}`);
  const tokens = await poll(url, metadata.token_endpoint, { ...asked, grant_type: GRANT, device_code: device.device_code }, device);
  const { issuer } = metadata;
  const signIn = withTokens({ url, client: { client_id: clientId, issuer } }, { ...tokens, issuer });
  writeSignIn(signIn);
  return signIn;
}

async function poll(url: string, endpoint: string, form: Record<string, string>, { expires_in: seconds, interval }: Device): Promise<OAuthTokens> {
  let wait = interval ?? DEFAULT_INTERVAL_SECONDS;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline;) {
    await sleep(wait * 1000);
    const { status, body } = await post(endpoint, form);
    if (status === 200) return body as unknown as OAuthTokens;
    if (body.error === 'slow_down') wait += DEFAULT_INTERVAL_SECONDS;
    else if (body.error !== 'authorization_pending') throw refused(url, body);
  }
  throw new CliError('nobody signed in before the code expired', { hint: 'run the command again' });
}

async function post(endpoint: string, form: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const answer = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form), headers: { accept: 'application/json' } });
    return { status: answer.status, body: await answer.json() as Record<string, unknown> };
  } catch (error) {
    throw new CliError(`${endpoint} did not answer as an authorization server does: ${(error as Error).message}`, { exitCode: ExitCode.AWS_FAILURE, cause: error });
  }
}

function refused(url: string, { error, error_description: description }: Record<string, unknown>): CliError {
  return new CliError(`signing in to ${url} was refused: ${String(description ?? error ?? 'no reason given')}`);
}
