import { renewed } from './renewal';
import { storedToken } from './sign-in';
import { readSignIn, writeSignIn } from './store';
import type { SignedIn } from '../checks/auth';

/** What an earlier sign-in to an endpoint has, with an access token that is good. */
export async function signedIn(url: string): Promise<SignedIn | undefined> {
  const accessToken = await storedToken(url);
  if (accessToken === undefined) return undefined;
  return { accessToken, idToken: readSignIn(url)?.tokens?.id_token, tokenFor: async (resource) => tokenFor(url, resource) };
}

/** A token for another resource, by the refresh token: where the issuer binds tokens to what they were asked for first, there is none. */
async function tokenFor(url: string, resource: string): Promise<string | undefined> {
  const signIn = readSignIn(url);
  if (!signIn?.tokens) return undefined;
  try {
    const fresh = await renewed(signIn, resource);
    if (!fresh) return undefined;
    // The refresh token may be another one from now on; the access token for this endpoint stays.
    writeSignIn({ ...signIn, server: fresh.server, tokens: { ...signIn.tokens, refresh_token: fresh.tokens.refresh_token } });
    return isFor(fresh.tokens.access_token, resource) ? fresh.tokens.access_token : undefined;
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
