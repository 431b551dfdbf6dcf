/**
 * Options of `McpAuth.jwt`: access tokens of an OpenID Connect provider.
 *
 * API Gateway must be able to read the provider's discovery document and keys without credentials, and accepts RSA signatures only.
 */
export interface McpJwtAuthOptions {
  /** Issuer of the tokens, such as `https://login.example.com`. It must equal their claim `iss`. */
  readonly issuer: string;

  /**
   * Accepted scopes, such as `mcp/read`. A token must have one of them.
   *
   * At least one is required, because ID tokens have none and would be accepted otherwise. At most 10, API Gateway's quota for a route.
   */
  readonly scopes: string[];

  /**
   * Accepted audiences in addition to the URL of the endpoint. API Gateway compares the `client_id` of a token without the claim `aud`.
   *
   * @default - the URL of the endpoint only
   */
  readonly audience?: string[];

  /**
   * Reject tokens without the claim `aud`. Each value of `audience` must then be a URI, so that no client id equals one.
   *
   * @default false
   */
  readonly strictAudience?: boolean;

  /**
   * Public client at the provider, for MCP clients that cannot register themselves. It becomes an output of the stack.
   *
   * @default - none
   */
  readonly clientId?: string;

  /**
   * URL at which clients reach the endpoint, if it is not the construct's `url`, such as behind CloudFront.
   *
   * @default - the construct's `url`
   */
  readonly resourceUrl?: string;
}
