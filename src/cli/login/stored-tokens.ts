import { withTokens } from './provider';
import { renewTokens } from './renewal';
import { readSignIn, writeSignIn } from './store';
import { note } from '../util/terminal';
import { shortLine } from '../util/untrusted-text';

/** Renew an access token this long before it expires. */
const RENEWAL_MARGIN_MS = 60_000;

/** The tokens of a user who has signed in. */
export interface UserTokens {
  readonly accessToken: string;
  readonly idToken?: string;

  /** Request a token for another resource. The result is undefined if the issuer does not give one. */
  readonly tokenFor?: (resource: string) => Promise<string | undefined>;
}

/** The tokens of an earlier sign-in to an endpoint, with a valid access token. */
export async function storedTokens(url: string): Promise<UserTokens | undefined> {
  const accessToken = await storedAccessToken(url);
  if (accessToken === undefined) return undefined;
  return { accessToken, idToken: readSignIn(url)?.tokens?.id_token, tokenFor: async (resource) => tokenFor(url, resource) };
}

/**
 * The access token of an earlier sign-in, renewed if it has expired.
 *
 * @returns undefined if there is no sign-in, or if it cannot be renewed
 */
export async function storedAccessToken(url: string): Promise<string | undefined> {
  const signIn = readSignIn(url);
  if (!signIn?.tokens) return undefined;
  if (signIn.expires === undefined || signIn.expires - RENEWAL_MARGIN_MS > Date.now()) return signIn.tokens.access_token;
  try {
    const renewed = await renewTokens(signIn, signIn.resource ?? url);
    if (!renewed) return undefined;
    writeSignIn(withTokens({ ...signIn, server: renewed.server }, renewed.tokens));
    return renewed.tokens.access_token;
  } catch (error) {
    note(`the sign-in to ${url} could not be renewed: ${shortLine((error as Error).message)}`);
    return undefined;
  }
}

/** Request a token for another resource with the refresh token. Issuers that bind a refresh token to its first resource give none. */
async function tokenFor(url: string, resource: string): Promise<string | undefined> {
  const signIn = readSignIn(url);
  if (!signIn?.tokens) return undefined;
  try {
    const renewed = await renewTokens(signIn, resource);
    if (!renewed) return undefined;
    // The issuer may have rotated the refresh token. The access token for this endpoint stays.
    writeSignIn({ ...signIn, server: renewed.server, tokens: { ...signIn.tokens, refresh_token: renewed.tokens.refresh_token } });
    return hasAudience(renewed.tokens.access_token, resource) ? renewed.tokens.access_token : undefined;
  } catch {
    return undefined;
  }
}

function hasAudience(token: string, resource: string): boolean {
  try {
    const { aud } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as { aud?: string | string[] };
    return [aud].flat().includes(resource);
  } catch {
    return false;
  }
}
