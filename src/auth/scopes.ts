import { McpCognitoAuthOptions, McpScope } from './auth-options';

const DEFAULT_SCOPES: McpScope[] = [
  { name: 'read', description: 'Read through this MCP server' },
  { name: 'write', description: 'Change things through this MCP server' },
];

/**
 * Scopes about the person, of every user pool.
 *
 * @internal
 */
export const PERSON_SCOPES: readonly string[] = ['openid', 'email', 'profile'];

/**
 * @internal
 */
export function scopesOf(options: McpCognitoAuthOptions): McpScope[] {
  return options.scopes ?? DEFAULT_SCOPES;
}

/**
 * @internal
 */
export function resourceServerId(options: McpCognitoAuthOptions): string {
  return options.resourceServerId ?? 'mcp';
}

/**
 * The scopes of the server in full, one of which a token must have.
 *
 * @internal
 */
export function mcpScopes(options: McpCognitoAuthOptions): string[] {
  return scopesOf(options).map(({ name }) => `${resourceServerId(options)}/${name}`);
}

/**
 * The scopes that a client is told to ask for first, and that it gets when it registers without any: never more than a registered client may have.
 *
 * @internal
 */
export function firstScopes(options: McpCognitoAuthOptions): string[] {
  const wanted = options.defaultScopes ?? mcpScopes(options);
  const allowed = options.registration?.allowedScopes;
  return allowed ? wanted.filter((scope) => allowed.includes(scope)) : wanted;
}
