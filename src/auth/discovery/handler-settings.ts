/**
 * Settings of the function that serves OAuth metadata.
 *
 * @internal
 */
export interface MetadataSettings {
  /** URL of the MCP endpoint. */
  readonly resource: string;
  readonly resourceName: string;
  /** Scopes that a client should request first. */
  readonly scopes: readonly string[];
  /** Issuer of the tokens. */
  readonly issuer: string;
  /** Metadata of the authorization server, if this function serves them. */
  readonly server?: AuthorizationServerSettings;
}

/**
 * Metadata of the authorization server.
 *
 * @internal
 */
export interface AuthorizationServerSettings {
  /** URL of the user pool's sign-in page. */
  readonly signInUrl: string;
  readonly jwksUri: string;
  readonly scopes: readonly string[];
  readonly registrationEndpoint?: string;
  /** If there is a confidential client for machines. */
  readonly machines: boolean;
}

/**
 * Settings of the functions that register and delete clients.
 *
 * @internal
 */
export interface RegistrationSettings {
  readonly userPoolId: string;

  /** Table of registered clients and of counters. */
  readonly table: string;

  /** Accepted redirect URIs, in addition to loopback addresses. */
  readonly redirectUris: readonly string[];

  /** Accepted prefixes of redirect URIs. */
  readonly redirectPrefixes: readonly string[];
  readonly allowedScopes: readonly string[];

  /** Scopes of a client that registers without scopes. */
  readonly defaultScopes: readonly string[];
  readonly identityProviders: readonly string[];
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly maxPerHour: number;
  readonly maxPerHourAndAddress: number;
  readonly maxClients: number;
  readonly pruneAfterSeconds: number;

  /** If a client needs a style before its sign-in page can be shown. */
  readonly managedLogin: boolean;
}
