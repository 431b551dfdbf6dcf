import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newKey, publicJwk, sign, type Claims, type SigningKey } from './jwt';

/** A small OpenID Connect provider, which signs everybody in, without asking. */
export interface Issuer {
  readonly url: string;
  readonly key: SigningKey;

  /** Claims of a good access token for a resource. */
  claims(resource: string): Claims;
  close(): Promise<void>;
}

interface Grant {
  readonly challenge: string;
  readonly resource: string;
  readonly clientId: string;
}

export async function startIssuer(scopes: readonly string[]): Promise<Issuer> {
  const key = newKey('test-key');
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function claims(resource: string, clientId = 'test-client'): Claims {
    const now = Math.floor(Date.now() / 1000);
    return { iss: url, sub: 'ada', aud: resource, client_id: clientId, scope: scopes.join(' '), iat: now, exp: now + 600 };
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; headers?: Record<string, string>; body?: unknown }> {
    const { pathname, searchParams } = new URL(request.url!, url);
    switch (pathname) {
      case '/.well-known/openid-configuration':
      case '/.well-known/oauth-authorization-server':
        return { status: 200, body: metadata(url) };
      case '/keys':
        return { status: 200, body: { keys: [publicJwk(key)] } };
      case '/authorize': {
        const code = randomUUID();
        grants.set(code, { challenge: searchParams.get('code_challenge')!, resource: searchParams.get('resource')!, clientId: searchParams.get('client_id')! });
        const location = new URL(searchParams.get('redirect_uri')!);
        location.searchParams.set('code', code);
        return { status: 302, headers: { location: location.href } };
      }
      case '/token': {
        const form = new URLSearchParams(await bodyOf(request));
        const grant = grants.get(form.get('code')!);
        grants.delete(form.get('code')!);
        const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
        if (!grant || grant.challenge !== proof) return { status: 400, body: { error: 'invalid_grant' } };
        return { status: 200, body: { access_token: sign(key, claims(grant.resource, grant.clientId)), token_type: 'Bearer', expires_in: 600 } };
      }
      default:
        return { status: 404, body: {} };
    }
  }

  return {
    url,
    key,
    claims,
    close: async () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
}

function metadata(url: string): object {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
