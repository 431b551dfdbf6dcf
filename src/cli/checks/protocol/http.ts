import { request, RequestError, type Detour } from './request';
import { secureUrl } from '../../util/secure-url';
import { Failed } from '../report/results';

/** The answer of a server to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;

  /** The JSON-RPC message in the body, from JSON or from an event stream. */
  readonly message?: Message;

  /** Milliseconds until the whole answer was received. */
  readonly ms: number;
}

/** A JSON-RPC message, with unchecked contents. */
export interface Message {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

/** There was no HTTP answer: the network failed, which is inconclusive, or the server did not answer in time, which is its failure. */
export class Unreachable extends Failed {}

/** The endpoint, and what all requests to it have in common. */
export interface Endpoint {
  readonly url: string;

  /** A bearer token. Never shown. */
  readonly token?: string;

  /** Aborts all requests. */
  readonly signal?: AbortSignal;

  /** Milliseconds for one request. */
  readonly timeout: number;

  /** Connect to another host than the one of the URL. */
  readonly detour?: Detour;
}

const NETWORK_ERRORS: Record<string, string> = {
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved right now',
  ECONNREFUSED: 'nothing listens on the port',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'the answer is not HTTP, or TLS failed',
};

/**
 * Send an HTTP request.
 *
 * @throws Unreachable if there is no answer; CliError if a token would be sent over plain http
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
    const text = await readBody(response, method);
    return { status: response.status, headers: response.headers, text, message: messageOf(text), ms: performance.now() - started };
  } catch (error) {
    throw toUnreachable(error, endpoint, limit);
  }
}

/** A `fetch` for other clients of an endpoint, with its detour, and with the errors of `send`. */
export function fetchFor(endpoint: Endpoint): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    try {
      return await request(url, init, endpoint.detour);
    } catch (error) {
      throw toUnreachable(error, endpoint);
    }
  };
}

/** Read the body. It is not read for a GET that opens a stream, because the stream stays open. */
async function readBody(response: Response, method: string): Promise<string> {
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
    // The answer is complete, even if the server keeps the stream open.
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
  // Without a connection, the server is not at fault. A connection that is cut is the network's fault.
  const inconclusive = { cause: error, inconclusive: !connected };
  if (signal?.aborted) return new Unreachable('the time limit of all tests is over', inconclusive);
  const { host } = new URL(url);
  if (limit?.aborted) return new Unreachable(`no answer within ${timeout / 1000} s from ${host}`, inconclusive);
  const reason = `${NETWORK_ERRORS[code] ?? message}${code && ` (${code})`}`;
  return new Unreachable(`cannot reach ${host}: ${reason}`, { cause: error, inconclusive: true });
}
