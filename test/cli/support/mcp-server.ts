import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server of these tests does other than a good one does. */
export interface Behaviour {
  readonly revisions?: readonly string[];
  readonly tools?: ReadonlyArray<Record<string, unknown>>;

  /** Answers in event streams. */
  readonly streams?: boolean;
  readonly token?: string;

  /** Answers instead of the server, where it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse, message: Record<string, any>) => boolean;
}

export const ECHO = {
  name: 'echo',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  outputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

/** A small MCP server; it knows the protocol's rules that the checks are about. */
export async function startServer(behaviour: Behaviour = {}) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on(
      'end',
      () => answer(request, response, Buffer.concat(chunks).toString(), behaviour),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/mcp`,
    origin,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, body: string, behaviour: Behaviour): void {
  const { revisions = ['2026-07-28', '2025-11-25', '2025-06-18'], token, streams } = behaviour;
  const end = (status: number, value?: unknown, headers: Record<string, string> = {}) => {
    const json = value === undefined ? '' : JSON.stringify(value);
    const stream = streams && status === 200;
    response.writeHead(status, {
      ...value === undefined ? {} : { 'content-type': stream ? 'text/event-stream' : 'application/json' },
      ...headers,
    });
    response.end(stream ? `event: message\ndata: ${json}\n\n` : json);
  };
  let message: Record<string, any> | undefined;
  try {
    message = JSON.parse(body);
  } catch {
    // It is answered below.
  }
  if (behaviour.intercept?.(request, response, message ?? {})) return;
  if (request.url !== '/mcp') return end(404, { message: 'Not Found' });
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return end(401, { message: 'Unauthorized' });
  if (request.method !== 'POST') return end(405, undefined, { allow: 'POST' });
  const fail = (status: number, code: number, text: string) => end(status, {
    jsonrpc: '2.0',
    id: message?.id ?? null,
    error: { code, message: text },
  });
  if (request.headers.origin !== undefined) return end(403);
  if (!message) return fail(400, -32700, 'Parse error');
  if (message.id === undefined) return end(202);
  const version = request.headers['mcp-protocol-version'];
  if (version !== undefined && !revisions.includes(String(version))) {
    return fail(
      400,
      -32022,
      `Unsupported protocol version: ${String(version)}`,
    );
  }
  const stateless = version === '2026-07-28';
  if (stateless && request.headers['mcp-method'] !== message.method) return fail(400, -32020, 'Header mismatch');
  const succeed = (result: object) => end(200, { jsonrpc: '2.0', id: message?.id, result });
  const about = { capabilities: { tools: {} }, serverInfo: { name: 'fake', version: '1.2.3' } };
  const { tools = [ECHO] } = behaviour;
  switch (message.method) {
    case 'server/discover':
      return succeed({ ...about, supportedVersions: revisions });
    case 'initialize':
      return succeed({
        ...about,
        protocolVersion: revisions.filter((each) => each < '2026').includes(message.params.protocolVersion)
          ? message.params.protocolVersion
          : '2025-11-25',
      });
    case 'ping':
      return succeed({});
    case 'tools/list':
      // Two pages.
      return succeed(message.params?.cursor === undefined && tools.length > 1
        ? { tools: tools.slice(0, 1), nextCursor: 'two' } : { tools: tools.slice(message.params?.cursor === undefined ? 0 : 1) });
    case 'tools/call':
      if (message.params.name !== 'echo') return fail(200, -32602, 'Unknown tool');
      if (message.params.arguments.text === 'boom') return succeed({ isError: true, content: [{ type: 'text', text: 'it went wrong' }] });
      return succeed({
        content: [{ type: 'text', text: JSON.stringify(message.params.arguments) }],
        structuredContent: message.params.arguments,
      });
    default:
      return fail(stateless ? 404 : 200, -32601, 'Method not found');
  }
}
