import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type Override = Reply | ((form: URLSearchParams, request: IncomingMessage) => Reply | undefined);

/** Start an MCP endpoint with an authorization server that signs everyone in. `overrides` replaces answers, for example of `GET /mcp`. */
export async function startProtected(overrides: (origin: string) => Record<string, Override> = () => ({})) {
  const requests: string[] = [];
  /** Tokens that the endpoint takes. */
  const good = new Set<string>(['good']);
  let issued = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk))).on('end', () => {
      const { pathname, searchParams } = new URL(request.url!, origin);
      const key = `${request.method} ${pathname}`;
      requests.push(text === '' ? key : `${key} ${text}`);
      const override = overrides(origin)[key];
      const form = new URLSearchParams(text === '' ? searchParams : text);
      const replaced = typeof override === 'function' ? override(form, request) : override;
      const { status, body, headers } = replaced ?? answer(key, form, request, text);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/mcp`;

  function issue(refreshToken: string): Reply {
    const token = `token-${++issued}`;
    good.add(token);
    return {
      status: 200,
      body: { access_token: token, refresh_token: refreshToken, id_token: 'id-token', token_type: 'Bearer', expires_in: 3600 },
    };
  }

  function answer(key: string, form: URLSearchParams, request: IncomingMessage, text: string): Reply {
    switch (key) {
      case 'GET /.well-known/oauth-protected-resource':
      case 'GET /.well-known/oauth-protected-resource/mcp':
        return { status: 200, body: { resource: url, authorization_servers: [origin], scopes_supported: ['mcp/read'] } };
      case 'GET /.well-known/oauth-authorization-server':
        return { status: 200, body: serverMetadata(origin) };
      case 'POST /register':
        return text === '{}' ? { status: 400, body: { error: 'invalid_redirect_uri' } } : {
          status: 201,
          body: { ...JSON.parse(text) as object, client_id: 'registered' },
        };
      case 'GET /authorize':
        return { status: 302, headers: { location: `${form.get('redirect_uri')}?code=the-code&state=${form.get('state')}` } };
      case 'POST /token':
        return form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== 'refresh' ? {
          status: 400,
          body: { error: 'invalid_grant' },
        } : issue('refresh');
      case 'POST /revoke':
        return { status: 200 };
      case 'POST /mcp':
      case 'GET /mcp':
      case 'DELETE /mcp':
        if (!good.has((request.headers.authorization ?? '').replace('Bearer ', ''))) {
          return {
            status: 401,
            body: { message: 'Unauthorized' },
          };
        }
        return request.method === 'POST' ? mcp(text) : { status: 405 };
      default:
        return { status: 404, body: { message: 'Not Found' } };
    }
  }

  return {
    url,
    origin,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Metadata of an authorization server. */
export function serverMetadata(origin: string) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    revocation_endpoint: `${origin}/revoke`,
    device_authorization_endpoint: `${origin}/device`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** Enough of MCP to be talked to. */
function mcp(text: string): Reply {
  let message: { id?: number; method?: string };
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return { status: 400, body: { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } } };
  }
  const { id, method } = message;
  if (id === undefined) return { status: 202 };
  if (method !== 'initialize') return { status: 200, body: { jsonrpc: '2.0', id, result: {} } };
  return {
    status: 200,
    body: { jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'fake', version: '1' } } },
  };
}
