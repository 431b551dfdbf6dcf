import { Duration } from 'aws-cdk-lib';

/**
 * Options of dynamic client registration (RFC 7591).
 */
export interface McpRegistrationOptions {
  /**
   * Accepted redirect URIs in addition to those of the known clients, `callbackUrls`, and the loopback addresses `http://localhost`,
   * `http://127.0.0.1` and `http://[::1]` with any port.
   *
   * @default - none
   */
  readonly redirectUris?: string[];

  /**
   * Scopes that a registered client may have. It gets no others.
   *
   * @default - all scopes of the server, and openid, email and profile
   */
  readonly allowedScopes?: string[];

  /**
   * Maximum number of registrations per hour.
   *
   * @default 100
   */
  readonly maxPerHour?: number;

  /**
   * Maximum number of registrations per hour from one address.
   *
   * @default 20
   */
  readonly maxPerHourAndAddress?: number;

  /**
   * Maximum number of registered clients. Further registrations are refused until unused clients are deleted.
   *
   * At most 19 with managed login: a user pool allows 20 styles, each client needs one, and the client of the stack has one. At most 999
   * with `McpSignInPage.CLASSIC`.
   *
   * @default - 19; 500 with `McpSignInPage.CLASSIC`
   */
  readonly maxClients?: number;

  /**
   * Registered clients without a token for this long are deleted. With an existing user pool the time is counted from the registration.
   *
   * @default Duration.days(60)
   */
  readonly pruneAfter?: Duration;
}

/**
 * Dynamic client registration of MCP clients.
 */
export class McpRegistrationConfig {
  /** Allow MCP clients to register themselves. */
  public static enabled(options: McpRegistrationOptions = {}): McpRegistrationConfig {
    return new McpRegistrationConfig(options);
  }

  /**
   * @internal
   */
  public readonly _options: McpRegistrationOptions;

  private constructor(options: McpRegistrationOptions) {
    this._options = options;
  }
}
