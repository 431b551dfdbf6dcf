import { send, type Answer, type Endpoint, type Message } from './http';

/** The revisions with a handshake, newest first. */
export const HANDSHAKE_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;

/** The revision without a handshake: each request has all that the server needs. */
export const STATELESS_REVISION = '2026-07-28';

/** The first revision with a header for the revision. */
const FIRST_WITH_HEADER = '2025-06-18';

const META = 'io.modelcontextprotocol/';
const CLIENT = { name: 'pmcp-deploy', version: '1' };
const MAX_PAGES = 100;

/** The parameter that a stateless request repeats in the header `mcp-name`, for each method. */
const NAMES: Record<string, string> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

export type Params = Record<string, unknown>;

/** An answer that is a JSON-RPC error, or not a JSON-RPC answer. */
export class ProtocolError extends Error {
  constructor(message: string, public readonly answer: Answer) {
    super(message);
  }
}

/** A session with a server in one revision of the protocol. */
export class McpSession {
  private id = 0;
  private sessionId?: string;

  /** The result of `initialize` or `server/discover`. */
  public info: Record<string, unknown> = {};

  constructor(public readonly endpoint: Endpoint, public readonly revision: string) {}

  /** The server's capabilities, for example `tools`. */
  public get capabilities(): Record<string, unknown> {
    return (this.info.capabilities ?? {}) as Record<string, unknown>;
  }

  private get stateless(): boolean {
    return this.revision === STATELESS_REVISION;
  }

  /** Open the session. @throws ProtocolError if the server refuses, or answers with another revision */
  public async open(): Promise<void> {
    if (this.stateless) {
      this.info = resultOf(await this.post('server/discover', {}));
      return;
    }
    const answer = await this.post('initialize', { protocolVersion: this.revision, capabilities: {}, clientInfo: CLIENT });
    this.info = resultOf(answer);
    if (this.info.protocolVersion !== this.revision) {
      throw new ProtocolError(`the server answered with ${JSON.stringify(this.info.protocolVersion)}`, answer);
    }
    this.sessionId = answer.headers.get('mcp-session-id') ?? undefined;
    await this.notify('notifications/initialized');
  }

  /** End the session, if the server has sessions. */
  public async close(): Promise<void> {
    if (this.sessionId !== undefined) await send(this.endpoint, 'DELETE', undefined, this.headers('', {})).catch(() => undefined);
  }

  /** Send a request and return its result. @throws ProtocolError */
  public async request(method: string, params: Params = {}): Promise<Record<string, unknown>> {
    return resultOf(await this.post(method, params));
  }

  /** Send a request and return the whole answer, errors included. */
  public async post(method: string, params: Params, headers: Record<string, string> = {}): Promise<Answer> {
    return send(this.endpoint, 'POST', JSON.stringify({ jsonrpc: '2.0', id: ++this.id, method, params: this.withMeta(params) }), {
      ...this.headers(method, params), ...headers,
    });
  }

  public async notify(method: string, params: Params = {}): Promise<Answer> {
    return send(this.endpoint, 'POST', JSON.stringify({ jsonrpc: '2.0', method, params: this.withMeta(params) }), this.headers(method, {}));
  }

  /** All items of a list, from all pages. */
  public async list(kind: 'tools' | 'resources' | 'prompts'): Promise<Array<Record<string, unknown>>> {
    const items: Array<Record<string, unknown>> = [];
    let cursor: unknown;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const answer = await this.post(`${kind}/list`, cursor === undefined ? {} : { cursor });
      const result = resultOf(answer);
      const found = result[kind];
      if (!Array.isArray(found)) throw new ProtocolError(`the answer to ${kind}/list has no array "${kind}"`, answer);
      items.push(...found as typeof items);
      cursor = result.nextCursor;
      if (cursor === undefined || cursor === null) return items;
    }
    throw new Error(`${kind}/list did not end after ${MAX_PAGES} pages`);
  }

  private withMeta(params: Params): Params {
    if (!this.stateless) return params;
    const meta = { [`${META}protocolVersion`]: this.revision, [`${META}clientInfo`]: CLIENT, [`${META}clientCapabilities`]: {} };
    return { ...params, _meta: { ...params._meta as object, ...meta } };
  }

  private headers(method: string, params: Params): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.revision >= FIRST_WITH_HEADER && method !== 'initialize') headers['mcp-protocol-version'] = this.revision;
    if (this.sessionId !== undefined) headers['mcp-session-id'] = this.sessionId;
    if (this.stateless) {
      headers['mcp-method'] = method;
      const name = params[NAMES[method] ?? ''];
      if (typeof name === 'string') headers['mcp-name'] = headerValue(name);
    }
    return headers;
  }
}

/** The value of a header: plain ASCII, or base64 in the form of the protocol. */
function headerValue(name: string): string {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name) ? name : `=?base64?${Buffer.from(name).toString('base64')}?=`;
}

/** The result in an answer. @throws ProtocolError for an answer without one */
export function resultOf(answer: Answer): Record<string, unknown> {
  const { message } = answer;
  if (message?.error) throw new ProtocolError(`${errorText(message)}, HTTP ${answer.status}`, answer);
  if (answer.status !== 200) throw new ProtocolError(`HTTP ${answer.status}${answer.text && `: ${excerpt(answer.text)}`}`, answer);
  if (typeof message?.result !== 'object' || message.result === null) {
    throw new ProtocolError(`the answer is not a JSON-RPC result: ${excerpt(answer.text) || 'it is empty'}`, answer);
  }
  return message.result;
}

export function errorText({ error }: Message): string {
  return `JSON-RPC error ${String(error?.code)}: ${excerpt(String(error?.message))}`;
}

export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** The texts in a tool's answer, a line each. */
export function textOf({ content }: Record<string, unknown>): string {
  const parts = (Array.isArray(content) ? content : []) as Array<{ type?: unknown; text?: unknown }>;
  return parts.filter(({ type, text }) => type === 'text' && typeof text === 'string').map(({ text }) => text).join('\n');
}
