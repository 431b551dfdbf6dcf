/**
 * What the construct tells the function that serves OAuth metadata.
 *
 * @internal
 */
export interface MetadataSettings {
  /** URL of the MCP endpoint. */
  readonly resource: string;
  readonly resourceName: string;
  /** Scopes for ordinary use: what a client should ask for first. */
  readonly scopes: readonly string[];
  /** The issuer: ours, or another one whose metadata are its own. */
  readonly issuer: string;
  /** Where the issuer is ours. */
  readonly server?: AuthorizationServerSettings;
}

/**
 * @internal
 */
export interface AuthorizationServerSettings {
  /** Address of the user pool's sign-in pages. */
  readonly signInUrl: string;
  readonly jwksUri: string;
  readonly scopes: readonly string[];
  readonly registrationEndpoint?: string;
  /** Whether there is a client with a secret, for machines. */
  readonly machines: boolean;
}

/**
 * What the construct tells the functions that register clients and remove them.
 *
 * @internal
 */
export interface RegistrationSettings {
  readonly userPoolId: string;

  /** Table of registered clients and of counters. */
  readonly table: string;

  /** Redirect URIs to accept, beside those of the client's own machine. */
  readonly redirectUris: readonly string[];

  /** What redirect URIs may begin with. */
  readonly redirectPrefixes: readonly string[];
  readonly allowedScopes: readonly string[];

  /** What a client gets that names no scope. */
  readonly defaultScopes: readonly string[];
  readonly identityProviders: readonly string[];
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly maxPerHour: number;
  readonly maxPerHourAndAddress: number;
  readonly maxClients: number;
  readonly pruneAfterSeconds: number;

  /** Whether a client needs a branding before its sign-in page shows. */
  readonly managedLogin: boolean;
}
