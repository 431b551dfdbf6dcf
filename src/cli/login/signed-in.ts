import { discoverOAuthServerInfo, refreshAuthorization } from '@modelcontextprotocol/sdk/client/auth.js';
import { storedToken } from './sign-in';
import { readSignIn, writeSignIn } from './store';
import type { SignedIn } from '../tests/auth';

/** What an earlier sign-in to an endpoint has, with an access token that is good. */
export async function signedIn(url: string): Promise<SignedIn | undefined> {
  const accessToken = await storedToken(url);
  if (accessToken === undefined) return undefined;
  return { accessToken, idToken: readSignIn(url)?.tokens?.id_token, tokenFor: async (resource) => tokenFor(url, resource) };
}

/** A token for another resource, by the refresh token: where the issuer binds tokens to what they were asked for first, there is none. */
async function tokenFor(url: string, resource: string): Promise<string | undefined> {
  const signIn = readSignIn(url);
  if (!signIn?.client || signIn.tokens?.refresh_token === undefined) return undefined;
  try {
    const { authorizationServerUrl, authorizationServerMetadata: metadata } = await discoverOAuthServerInfo(url);
    if (metadata?.issuer !== signIn.tokens.issuer) return undefined;
    const tokens = await refreshAuthorization(authorizationServerUrl, {
      metadata, clientInformation: signIn.client, refreshToken: signIn.tokens.refresh_token, resource: new URL(resource),
    });
    // The refresh token may be another one from now on; the access token for this endpoint stays.
    writeSignIn({ ...signIn, tokens: { ...signIn.tokens, refresh_token: tokens.refresh_token ?? signIn.tokens.refresh_token } });
    return isFor(tokens.access_token, resource) ? tokens.access_token : undefined;
  } catch {
    return undefined;
  }
}

function isFor(token: string, resource: string): boolean {
  try {
    const { aud } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as { aud?: string | string[] };
    return [aud].flat().includes(resource);
  } catch {
    return false;
  }
}
