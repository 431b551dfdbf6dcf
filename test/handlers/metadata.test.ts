import { MetadataSettings } from '../../src/auth/discovery/handler-settings';
import { handler } from '../../src/handlers/metadata';
import { HttpEvent } from '../../src/handlers/shared/http';

const SERVER = {
  signInUrl: 'https://hello.auth.us-east-1.amazoncognito.com',
  jwksUri: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab/.well-known/jwks.json',
  scopes: ['openid', 'mcp/read'],
  machines: false,
};

function ask(path: string, settings: Partial<MetadataSettings> = {}, method = 'GET') {
  process.env.MCP_AUTH = JSON.stringify({
    resource: 'https://api.example.com/mcp', resourceName: 'Server', scopes: ['mcp/read'], issuer: 'https://api.example.com', ...settings,
  });
  const event: HttpEvent = { rawPath: path, requestContext: { http: { method } } };
  return handler(event);
}

afterEach(() => {
  delete process.env.MCP_AUTH;
  delete process.env.AWS_ENDPOINT_URL;
});

test.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])('%s tells who signs in', async (path) => {
  const { statusCode, headers, body } = await ask(path);
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': '*',
  });
  expect(JSON.parse(body)).toEqual({
    resource: 'https://api.example.com/mcp',
    authorization_servers: ['https://api.example.com'],
    scopes_supported: ['mcp/read'],
    bearer_methods_supported: ['header'],
    resource_name: 'Server',
  });
});

test('tells how to sign in, with PKCE', async () => {
  const { statusCode, body } = await ask('/.well-known/oauth-authorization-server', { server: SERVER });
  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toEqual({
    issuer: 'https://api.example.com',
    authorization_endpoint: 'https://hello.auth.us-east-1.amazoncognito.com/oauth2/authorize',
    token_endpoint: 'https://hello.auth.us-east-1.amazoncognito.com/oauth2/token',
    revocation_endpoint: 'https://hello.auth.us-east-1.amazoncognito.com/oauth2/revoke',
    jwks_uri: SERVER.jwksUri,
    scopes_supported: ['openid', 'mcp/read'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
  });
});

test('tells where to register, and what machines do', async () => {
  const server = { ...SERVER, machines: true, registrationEndpoint: 'https://api.example.com/oauth/register' };
  const metadata = JSON.parse((await ask('/.well-known/oauth-authorization-server/mcp', { server })).body);
  expect(metadata.registration_endpoint).toBe('https://api.example.com/oauth/register');
  expect(metadata.grant_types_supported).toContain('client_credentials');
  expect(metadata.token_endpoint_auth_methods_supported).toEqual(['none', 'client_secret_basic', 'client_secret_post']);
});

test('a local AWS serves the sign-in page itself', async () => {
  process.env.AWS_ENDPOINT_URL = 'http://localhost:4566/';
  const metadata = JSON.parse((await ask('/.well-known/oauth-authorization-server', { server: SERVER })).body);
  expect(metadata.authorization_endpoint).toBe('http://localhost:4566/oauth2/authorize');
});

test('answers browsers that ask before they call', async () => {
  const { statusCode, headers } = await ask('/.well-known/oauth-protected-resource', {}, 'OPTIONS');
  expect(statusCode).toBe(204);
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, OPTIONS' });
  expect(headers['access-control-allow-headers']).toContain('mcp-protocol-version');
});

test('refuses everything else', async () => {
  expect((await ask('/.well-known/oauth-protected-resource', {}, 'POST')).statusCode).toBe(405);
  expect((await ask('/.well-known/oauth-protected-resources')).statusCode).toBe(404);
  expect((await ask('/.well-known/oauth-authorization-server')).statusCode).toBe(404);
});
