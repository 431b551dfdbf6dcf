import { refreshAuthorization } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { issuerMetadata } from './discovery';
import { secureFetch } from './secure-fetch';
import type { SignIn } from './store';

/**
 * The authorization server of a sign-in. The MCP endpoint is not asked for it, because it may have another owner by now.
 *
 * @returns undefined if neither the server nor its issuer was stored
 */
export async function authorizationServerOf({ server, tokens }: SignIn): Promise<OAuthMetadata | undefined> {
  if (server) return server;
  // Earlier versions stored the issuer only. It serves the metadata with its endpoints.
  return tokens?.issuer === undefined ? undefined : issuerMetadata(tokens.issuer);
}

/**
 * Renew the tokens of a sign-in with its refresh token.
 *
 * @param resource the resource of the access token
 * @returns undefined without a refresh token, a client or an authorization server
 */
export async function renewTokens(signIn: SignIn, resource: string): Promise<{ tokens: OAuthTokens; server: OAuthMetadata } | undefined> {
  const { client, tokens } = signIn;
  if (!client || tokens?.refresh_token === undefined) return undefined;
  const server = await authorizationServerOf(signIn);
  if (!server) return undefined;
  const fresh = await refreshAuthorization(server.issuer, {
    metadata: server, clientInformation: client, refreshToken: tokens.refresh_token, resource, fetchFn: secureFetch,
  });
  return { server, tokens: { ...fresh, issuer: server.issuer } };
}
