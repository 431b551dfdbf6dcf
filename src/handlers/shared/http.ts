/** The parts of an HTTP API's event, in its format 2.0, that the functions here look at. */
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

/** What is here is public, and no cookie has a meaning: pages of any origin may read it. */
const CORS = { 'access-control-allow-origin': '*' };

export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = { 'cache-control': 'no-store' }): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...CORS, ...headers },
    body: JSON.stringify(body),
  };
}

/** The answer to a browser that asks whether its page may call. */
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

/** What the construct tells a function, in its environment. */
export function readSettings<T>(): T {
  return JSON.parse(process.env.MCP_AUTH ?? '{}') as T;
}

/**
 * Where the user pool's OAuth endpoints are. A local AWS serves them at its own address, which it gives to its functions; real functions
 * have no such variable.
 */
export function signInOrigin(configured: string): string {
  return (process.env.AWS_ENDPOINT_URL ?? configured).replace(/\/$/, '');
}
