import { request, RequestError, type Detour } from './request';
import { secureUrl } from '../../util/secure-url';
import { Failed } from '../report/results';

/** What a server answered to one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;

  /** The JSON-RPC message in the body, from JSON or from an event stream. */
  readonly message?: Message;

  /** Milliseconds until the whole answer was there. */
  readonly ms: number;
}

/** A JSON-RPC answer, as far as a client can trust it. */
export interface Message {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

/** No HTTP answer came at all: the network between here and the server failed, or the server, which is its own fault, said nothing in time. */
export class Unreachable extends Failed {}

/** Where requests go to, and what all of them have in common. */
export interface Endpoint {
  readonly url: string;

  /** A bearer token. Never shown. */
  readonly token?: string;

  /** Ends all requests. */
  readonly signal?: AbortSignal;

  /** Milliseconds for one request. */
  readonly timeout: number;

  /** Connects elsewhere than the URL's host name leads to. */
  readonly detour?: Detour;
}

const NETWORK_ERRORS: Record<string, string> = {
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up right now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'the answer is no HTTP, or TLS failed',
};

/**
 * Sends one HTTP request.
 *
 * @throws Unreachable when no answer comes; CliError when a token would go where others can read it
 */
export async function send(endpoint: Endpoint, method: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  if (endpoint.token !== undefined) secureUrl(endpoint.url, 'the URL that gets the token');
  const started = performance.now();
  const limit = AbortSignal.timeout(endpoint.timeout);
  try {
    const response = await request(endpoint.url, {
      method,
      body,
      signal: endpoint.signal ? AbortSignal.any([limit, endpoint.signal]) : limit,
      headers: {
        ...body === undefined ? {} : { 'content-type': 'application/json' },
        accept: 'application/json, text/event-stream',
        ...endpoint.token === undefined ? {} : { authorization: `Bearer ${endpoint.token}` },
        ...headers,
      },
    }, endpoint.detour);
    const text = await bodyOf(response, method);
    return { status: response.status, headers: response.headers, text, message: messageOf(text), ms: performance.now() - started };
  } catch (error) {
    throw toUnreachable(error, endpoint, limit);
  }
}

/** `fetch` for other clients of an endpoint, with its detour, and with errors as `send` throws them. */
export function fetchFor(endpoint: Endpoint): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    try {
      return await request(url, init, endpoint.detour);
    } catch (error) {
      throw toUnreachable(error, endpoint);
    }
  };
}

/** A stream that a GET opens stays open: its first bytes are not waited for. */
async function bodyOf(response: Response, method: string): Promise<string> {
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (!streams || !response.body) return response.text();
  if (method === 'GET') {
    await response.body.cancel();
    return '';
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // The answer ends what is of interest, though the server may keep the stream open.
    if (isAnswer(messageOf(text))) break;
  }
  return text;
}

function isAnswer(message?: Message): boolean {
  return message !== undefined && ('result' in message || 'error' in message);
}

function messageOf(text: string): Message | undefined {
  const bodies = text.trimStart().startsWith('{') ? [text] : text.split(/\r?\n\r?\n/).map(dataOf);
  const messages = bodies.map(parse).filter((message) => message !== undefined);
  return messages.find(isAnswer) ?? messages[0];
}

function dataOf(event: string): string {
  return event.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n');
}

function parse(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toUnreachable(error: unknown, { url, timeout, signal }: Endpoint, limit?: AbortSignal): Unreachable {
  const { message, code = '', connected = true } = error as Partial<RequestError>;
  // The tests are not the server's fault where its connection does not even stand; a connection that is cut is the network's.
  const inconclusive = { cause: error, inconclusive: !connected };
  if (signal?.aborted) return new Unreachable('the time for all tests is over', inconclusive);
  const { host } = new URL(url);
  if (limit?.aborted) return new Unreachable(`no answer within ${timeout / 1000} s from ${host}`, inconclusive);
  return new Unreachable(`cannot reach ${host}: ${NETWORK_ERRORS[code] ?? message}${code && ` (${code})`}`, { cause: error, inconclusive: true });
}
