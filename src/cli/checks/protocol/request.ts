import { lookup } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Connect to the addresses of `target` for requests to `host`. TLS and the Host header keep the name of `host`. */
export interface Detour {
  readonly host: string;
  readonly target: string;
}

/** A request without an HTTP answer. */
export class RequestError extends Error {
  /**
   * @param code code of the network error, such as `ENOTFOUND`
   * @param connected if true, the connection was established, TLS included, and the request may have been sent
   */
  constructor(message: string, public readonly code: string, public readonly connected: boolean, cause: unknown) {
    super(message, { cause });
  }
}

/** Statuses whose answers have no body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * Send an HTTP request like `fetch`, without following redirects. Unlike `fetch`, it can connect to another host than the URL's, and its
 * errors say whether the connection was established.
 *
 * @param init method, headers, a text body, and the abort signal
 * @throws RequestError if there is no answer, or the signal aborts it
 */
export async function request(url: string | URL, init: RequestInit = {}, detour?: Detour): Promise<Response> {
  const { protocol, hostname } = new URL(url);
  let connected = false;
  return new Promise((resolve, reject) => {
    const outgoing = (protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: init.method,
      // Compressed answers are not decompressed here.
      headers: { 'accept-encoding': 'identity', ...Object.fromEntries(new Headers(init.headers)) },
      signal: init.signal ?? undefined,
      ...detour?.host === hostname && { lookup: lookupOf(detour.target) },
    }, (incoming) => {
      try {
        resolve(toResponse(incoming));
      } catch (error) {
        incoming.destroy();
        reject(new RequestError((error as Error).message, 'EPROTO', true, error));
      }
    });
    outgoing.on('socket', (socket) => {
      // A reused connection is established already.
      if (!socket.connecting) connected = true;
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => (connected = true));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The server had closed the connection that was reused: open another one.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET' && !init.signal?.aborted) resolve(request(url, init, detour));
      else reject(new RequestError(error.message, error.code ?? '', connected, error));
    });
    outgoing.end(init.body ?? undefined);
  });
}

function lookupOf(target: string): RequestOptions['lookup'] {
  return (_, options, done) => lookup(target, options, done);
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) values.forEach((value) => headers.append(name, value));
  const status = incoming.statusCode ?? 0;
  if (WITHOUT_BODY.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ConstructorParameters<typeof Response>[0], { status, headers });
}
