import { HttpEvent, HttpResult, json, preflight, readSettings, signInOrigin } from './shared/http';
import type { AuthorizationServerSettings, MetadataSettings } from '../auth/discovery/handler-settings';

const PROTECTED_RESOURCE = '/.well-known/oauth-protected-resource';
const AUTHORIZATION_SERVER = '/.well-known/oauth-authorization-server';
const METHODS = 'GET, OPTIONS';

/** Five minutes: changes arrive soon, and the function is not invoked whenever a client starts. */
const CACHE = { 'cache-control': 'public, max-age=300' };

/** Serve the metadata that OAuth clients need for a sign-in. */
export async function handler(event: HttpEvent): Promise<HttpResult> {
  const { method } = event.requestContext.http;
  const path = event.rawPath;
  if (method === 'OPTIONS') return preflight(METHODS);
  if (method !== 'GET') return json(405, { message: 'only GET is allowed' }, { allow: METHODS });
  const config = readSettings<MetadataSettings>();
  if (isAt(path, PROTECTED_RESOURCE)) return json(200, protectedResource(config), CACHE);
  if (isAt(path, AUTHORIZATION_SERVER) && config.server) return json(200, authorizationServer(config, config.server), CACHE);
  return json(404, { message: 'not found' });
}

/** The gateway has checked the path after the well-known name. The document is the same with and without it. */
function isAt(path: string, wellKnown: string): boolean {
  return path === wellKnown || path.startsWith(`${wellKnown}/`);
}

/** RFC 9728. */
function protectedResource(config: MetadataSettings): object {
  return {
    resource: config.resource,
    authorization_servers: [config.issuer],
    scopes_supported: config.scopes,
    bearer_methods_supported: ['header'],
    resource_name: config.resourceName,
  };
}

/** RFC 8414. Amazon Cognito's own metadata have neither S256 nor a registration endpoint, so clients reject them. */
function authorizationServer(config: MetadataSettings, server: AuthorizationServerSettings): object {
  const oauth = `${signInOrigin(server.signInUrl)}/oauth2`;
  return {
    issuer: config.issuer,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    revocation_endpoint: `${oauth}/revoke`,
    jwks_uri: server.jwksUri,
    registration_endpoint: server.registrationEndpoint,
    scopes_supported: server.scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', ...server.machines ? ['client_credentials'] : []],
    token_endpoint_auth_methods_supported: ['none', ...server.machines ? ['client_secret_basic', 'client_secret_post'] : []],
    code_challenge_methods_supported: ['S256'],
  };
}
