import { discoverOAuthServerInfo } from '@modelcontextprotocol/sdk/client/auth.js';
import { warn } from '../terminal';
import { readSignIn, removeSignIn } from './store';

const TIMEOUT_MS = 10_000;

/** Forgets the tokens of an endpoint, and revokes them (RFC 7009); false when there were none. */
export async function signOut(url: string): Promise<boolean> {
  const signIn = readSignIn(url);
  const known = removeSignIn(url);
  const token = signIn?.tokens?.refresh_token;
  if (token === undefined || signIn?.client === undefined) return known;
  try {
    const { authorizationServerMetadata: metadata } = await discoverOAuthServerInfo(url);
    // Not of the metadata that the SDK knows for OpenID Connect.
    const endpoint = (metadata as Record<string, unknown> | undefined)?.revocation_endpoint;
    if (typeof endpoint !== 'string' || metadata?.issuer !== signIn.tokens?.issuer) return known;
    const { status } = await fetch(endpoint, {
      method: 'POST', body: new URLSearchParams({ token, client_id: signIn.client.client_id }), signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (status >= 400) warn(`the issuer did not revoke the refresh token (HTTP ${status}); it expires by itself`);
  } catch (error) {
    warn(`the refresh token could not be revoked (${(error as Error).message}); it expires by itself`);
  }
  return known;
}
