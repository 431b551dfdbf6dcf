import { ResourceServerScope } from 'aws-cdk-lib/aws-cognito';
import { McpCognitoAuthOptions } from './cognito-options';

const DEFAULT_SCOPES = [
  { scopeName: 'read', scopeDescription: 'Read through this MCP server' },
  { scopeName: 'write', scopeDescription: 'Change things through this MCP server' },
];

/**
 * Scopes about the user, which every user pool has.
 *
 * @internal
 */
export const USER_SCOPES: readonly string[] = ['openid', 'email', 'profile'];

/**
 * The scopes of the server, without prefix.
 *
 * @internal
 */
export function scopesOf(options: McpCognitoAuthOptions): ResourceServerScope[] {
  return options.scopes ?? DEFAULT_SCOPES.map((scope) => new ResourceServerScope(scope));
}

/**
 * Identifier of the resource server: the prefix of its scopes.
 *
 * @internal
 */
export function resourceServerId(options: McpCognitoAuthOptions): string {
  return options.resourceServerId ?? 'mcp';
}

/**
 * The scopes of the server with prefix. A token must have one of them.
 *
 * @internal
 */
export function mcpScopes(options: McpCognitoAuthOptions): string[] {
  return scopesOf(options).map(({ scopeName }) => `${resourceServerId(options)}/${scopeName}`);
}

/**
 * The scopes that clients should request first, and that a client gets if it registers without scopes: at most those that a registered
 * client may have.
 *
 * @internal
 */
export function firstScopes(options: McpCognitoAuthOptions): string[] {
  const wanted = options.defaultScopes ?? mcpScopes(options);
  const allowed = options.registration?._options.allowedScopes;
  return allowed ? wanted.filter((scope) => allowed.includes(scope)) : wanted;
}
