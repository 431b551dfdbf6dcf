import { refreshAuthorization } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { issuerMetadata } from './discovery';
import { secureFetch } from './secure-fetch';
import type { SignIn } from './store';

/**
 * The authorization server that the tokens of a sign-in are of. The endpoint is not asked: it may be in other hands by now.
 *
 * @returns undefined where that was not kept
 */
export async function serverOf({ server, tokens }: SignIn): Promise<OAuthMetadata | undefined> {
  if (server) return server;
  // Earlier versions kept the issuer only: it says itself where its endpoints are.
  return tokens?.issuer === undefined ? undefined : issuerMetadata(tokens.issuer);
}

/**
 * New tokens for a sign-in, by its refresh token.
 *
 * @param resource what the access token is for
 * @returns undefined where there is no refresh token, or nobody to send it to
 */
export async function renewed(signIn: SignIn, resource: string): Promise<{ tokens: OAuthTokens; server: OAuthMetadata } | undefined> {
  const { client, tokens } = signIn;
  if (!client || tokens?.refresh_token === undefined) return undefined;
  const server = await serverOf(signIn);
  if (!server) return undefined;
  const fresh = await refreshAuthorization(server.issuer, {
    metadata: server, clientInformation: client, refreshToken: tokens.refresh_token, resource, fetchFn: secureFetch,
  });
  return { server, tokens: { ...fresh, issuer: server.issuer } };
}
