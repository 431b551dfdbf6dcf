import { Duration } from 'aws-cdk-lib';

/**
 * Cross-origin access for MCP clients that run in a browser.
 */
export interface McpCorsOptions {
  /**
   * Origins that may call the server, such as `https://app.example.com`: a scheme, a host and an optional port.
   *
   * The wildcard `*` is refused, because it would let every web page that a user visits call the server. The server gets the list,
   * separated by spaces, in the environment variable `MCP_ALLOWED_ORIGINS`, and should answer 403 to other origins.
   */
  readonly allowOrigins: string[];

  /**
   * Request headers to allow in addition to `authorization` and those of the protocol, such as the `Mcp-Param-...` headers of tools whose
   * parameters clients repeat in headers.
   *
   * @default - authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, mcp-session-id, last-event-id
   */
  readonly additionalAllowHeaders?: string[];

  /**
   * Response headers to expose in addition to those of the protocol.
   *
   * @default - mcp-session-id, mcp-protocol-version, www-authenticate
   */
  readonly additionalExposeHeaders?: string[];

  /**
   * Allow the browser to send cookies and client certificates.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * How long a browser may cache the answer to a preflight request.
   *
   * @default Duration.hours(24)
   */
  readonly maxAge?: Duration;
}
