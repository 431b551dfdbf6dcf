/** The used parts of an HTTP API's event, in payload format 2.0. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp?: string } };
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answers are public, and cookies have no effect, so pages of any origin may read them. */
const CORS = { 'access-control-allow-origin': '*' };

const NOT_CACHED = { 'cache-control': 'no-store' };

export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = NOT_CACHED): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...CORS, ...headers },
    body: JSON.stringify(body),
  };
}

/** The answer to a CORS preflight request. */
export function preflight(methods: string): HttpResult {
  return {
    statusCode: 204,
    headers: {
      ...CORS,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'content-type, accept, mcp-protocol-version',
      'access-control-max-age': '3600',
    },
    body: '',
  };
}

/** The settings of a function, which the construct puts into its environment. */
export function readSettings<T>(): T {
  return JSON.parse(process.env.MCP_AUTH ?? '{}') as T;
}

/**
 * The origin of the user pool's OAuth endpoints. A local AWS serves them at its own address, which it passes to its functions in
 * `AWS_ENDPOINT_URL`. On AWS, functions do not have this variable.
 */
export function signInOrigin(configured: string): string {
  return (process.env.AWS_ENDPOINT_URL ?? configured).replace(/\/$/, '');
}
