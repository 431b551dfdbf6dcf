import { authorizationServerOf } from './renewal';
import { secureFetch } from './secure-fetch';
import { readSignIn, removeSignIn } from './store';
import { secureUrl } from '../util/secure-url';
import { warn } from '../util/terminal';
import { quoted, shortLine } from '../util/untrusted-text';

const TIMEOUT_MS = 10_000;

/** Delete the stored tokens of an endpoint, and revoke the refresh token (RFC 7009). The result is false if there were none. */
export async function signOut(url: string): Promise<boolean> {
  const signIn = readSignIn(url);
  const existed = removeSignIn(url);
  const token = signIn?.tokens?.refresh_token;
  if (token === undefined || signIn?.client === undefined) return existed;
  try {
    const server = await authorizationServerOf(signIn);
    const endpoint = server?.revocation_endpoint;
    if (endpoint === undefined) return existed;
    const { status } = await secureFetch(secureUrl(endpoint, `revocation_endpoint of ${quoted(server?.issuer)}`), {
      method: 'POST', body: new URLSearchParams({ token, client_id: signIn.client.client_id }), signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (status >= 400) warn(`the issuer did not revoke the refresh token (HTTP ${status}); it expires by itself`);
  } catch (error) {
    warn(`the refresh token could not be revoked (${shortLine((error as Error).message)}); it expires by itself`);
  }
  return existed;
}
