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
