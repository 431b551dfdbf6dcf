import { expectError } from './connectivity';
import { fetchFor, send, type Endpoint } from './protocol/http';
import { excerpt, McpSession, STATELESS_REVISION } from './protocol/session';
import { runCheck, Failed, skipped, warning, type CheckOutcome, type Result } from './report/results';
import { checkPrompt, checkResource, checkTool } from './schemas';

const METHOD_NOT_FOUND = -32601;
const PARSE_ERROR = -32700;
const HEADER_MISMATCH = -32020;
const UNSUPPORTED_VERSION = -32022;
const FOREIGN_ORIGIN = 'https://pmcp-deploy-test.invalid';
const UNKNOWN_REVISION = '1999-01-01';
const LATENCY_SAMPLES = 5;

/** The items in the lists of a server. */
export interface Inventory {
  readonly tools: ReadonlyArray<Record<string, unknown>>;
}

/** Check the protocol, in the newest session unless a check is about another one. */
export async function runConformanceChecks(
  endpoint: Endpoint, sessions: readonly McpSession[], maxLatency?: number,
): Promise<{ results: Result[]; inventory: Inventory }> {
  const results: Result[] = [];
  const run = async (name: string, work: () => Promise<CheckOutcome | void>) => {
    results.push(await runCheck('conformance', name, work));
  };
  const found: Record<string, Array<Record<string, unknown>>> = { tools: [], resources: [], prompts: [] };
  const [session] = sessions;
  const handshake = sessions.find(({ revision }) => revision !== STATELESS_REVISION);
  const stateless = sessions.find(({ revision }) => revision === STATELESS_REVISION);

  for (const each of sessions) {
    await run(`lists tools, resources, prompts (${each.revision})`, async () => lists(each, each === session ? found : {}));
  }
  await run('official client', async () => officialClient(endpoint, handshake));
  await run('unknown method is an error', async () => unknownMethod(session));
  await run('unknown tool is an error', async () => unknownTool(session));
  await run('broken JSON is an error', async () => brokenJson(endpoint, session));
  if (handshake) await run('notifications get 202', async () => notification(handshake));
  await run('unsupported revision gets 400', async () => unsupportedRevision(session));
  if (stateless) await run('mismatched headers get 400', async () => mismatchedHeaders(stateless));
  await run('GET gets 405 or a stream', async () => wrongMethod(endpoint, 'GET'));
  await run('DELETE gets 405', async () => wrongMethod(endpoint, 'DELETE'));
  await run('foreign Origin', async () => foreignOrigin(session));
  await run('headers', async () => answerHeaders(session));
  await run('latency', async () => latency(session, maxLatency));
  return { results, inventory: { tools: found.tools } };
}

async function lists(session: McpSession, found: Record<string, Array<Record<string, unknown>>>): Promise<CheckOutcome> {
  const checks = { tools: checkTool, resources: checkResource, prompts: checkPrompt };
  const counts: string[] = [];
  for (const kind of ['tools', 'resources', 'prompts'] as const) {
    if (session.capabilities[kind] === undefined) continue;
    const items = await session.list(kind);
    items.forEach(checks[kind]);
    requireUnique(items.map((item) => String(item[kind === 'resources' ? 'uri' : 'name'])), kind);
    found[kind] = items;
    counts.push(`${items.length} ${items.length === 1 ? kind.slice(0, -1) : kind}`);
  }
  return counts.length === 0 ? warning('the server offers neither tools nor resources nor prompts') : { detail: counts.join(', ') };
}

function requireUnique(names: readonly string[], kind: string): void {
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw new Failed(`two ${kind} have the name ${JSON.stringify(duplicate)}`);
}

async function officialClient(endpoint: Endpoint, session?: McpSession): Promise<CheckOutcome> {
  if (!session) return skipped('the server supports none of the revisions of the official TypeScript client');
  const [{ Client }, { StreamableHTTPClientTransport }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'), import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  ]);
  const client = new Client({ name: 'pmcp-deploy', version: '1' });
  const headers = endpoint.token === undefined ? undefined : { authorization: `Bearer ${endpoint.token}` };
  const transport = new StreamableHTTPClientTransport(new URL(endpoint.url), { requestInit: { headers }, fetch: fetchFor(endpoint) });
  await client.connect(transport, { timeout: endpoint.timeout });
  try {
    const hasTools = client.getServerCapabilities()?.tools !== undefined;
    const tools = hasTools ? (await client.listTools(undefined, { timeout: endpoint.timeout })).tools.length : 0;
    return { detail: `@modelcontextprotocol/sdk connects and lists ${tools} tools` };
  } finally {
    await client.close();
  }
}

async function unknownMethod(session: McpSession): Promise<CheckOutcome | void> {
  const answer = await session.post('pmcp-deploy/no-such-method', {});
  const { code, text } = expectError(answer);
  if (code !== METHOD_NOT_FOUND) return warning(`the code should be ${METHOD_NOT_FOUND}: ${text}`);
  if (session.revision === STATELESS_REVISION && answer.status !== 404) {
    return warning(`should be HTTP 404 in ${STATELESS_REVISION}, is ${answer.status}`);
  }
}

async function unknownTool(session: McpSession): Promise<CheckOutcome | void> {
  if (session.capabilities.tools === undefined) return skipped('the server has no tools');
  const answer = await session.post('tools/call', { name: 'pmcp-deploy-no-such-tool', arguments: {} });
  if (answer.message?.result?.isError !== true) expectError(answer);
}

async function brokenJson(endpoint: Endpoint, session: McpSession): Promise<CheckOutcome | void> {
  const isStateless = session.revision === STATELESS_REVISION;
  const headers = isStateless ? { 'mcp-protocol-version': STATELESS_REVISION, 'mcp-method': 'tools/list' } : undefined;
  const answer = await send(endpoint, 'POST', '{"jsonrpc": "2.0", ', headers);
  if (answer.status < 400 || answer.status >= 500) {
    throw new Failed(`expected HTTP 400, received ${answer.status}: ${excerpt(answer.text)}`);
  }
  const code = answer.message?.error?.code;
  if (code !== PARSE_ERROR) {
    return warning(`HTTP ${answer.status}, but not with the JSON-RPC error ${PARSE_ERROR}: ${excerpt(answer.text) || 'empty'}`);
  }
}

async function notification(session: McpSession): Promise<CheckOutcome | void> {
  const answer = await session.notify('notifications/cancelled', { requestId: 'none', reason: 'a test' });
  if (answer.status >= 400) throw new Failed(`expected HTTP 202, received ${answer.status}: ${excerpt(answer.text)}`);
  if (answer.status !== 202) return warning(`HTTP ${answer.status} instead of 202`);
  if (answer.text !== '') return warning(`HTTP 202 with a body: ${excerpt(answer.text)}`);
}

async function unsupportedRevision(session: McpSession): Promise<CheckOutcome | void> {
  const answer = await new McpSession(session.endpoint, session.revision).post('tools/list', {
    _meta: {},
  }, { 'mcp-protocol-version': UNKNOWN_REVISION });
  if (answer.status < 400 || answer.status >= 500) {
    if (session.revision < '2025-06-18') return skipped(`${session.revision} has no header for the revision`);
    throw new Failed(`expected HTTP 400, received ${answer.status}: ${excerpt(answer.text)}`);
  }
  if (answer.status !== 400) return warning(`HTTP ${answer.status} instead of 400`);
}

async function mismatchedHeaders(session: McpSession): Promise<CheckOutcome | void> {
  const answer = await session.post('tools/list', {}, { 'mcp-method': 'prompts/list' });
  const { code, text } = expectError(answer);
  if (answer.status !== 400) return warning(`HTTP ${answer.status} instead of 400`);
  if (code !== HEADER_MISMATCH && code !== UNSUPPORTED_VERSION) return warning(`the code should be ${HEADER_MISMATCH}: ${text}`);
}

async function wrongMethod(endpoint: Endpoint, method: 'GET' | 'DELETE'): Promise<CheckOutcome | void> {
  const { status, headers, text } = await send(endpoint, method);
  if (status === 405) return;
  if (method === 'GET' && status === 200 && headers.get('content-type')?.startsWith('text/event-stream')) {
    return warning('opens a stream, which keeps a Lambda function running as long as the client is connected');
  }
  if (status === 400 && text !== '') return { detail: 'HTTP 400: the server has sessions' };
  if (status === 404) {
    throw new Failed(`expected HTTP 405, received 404: ${method} does not reach the server (clients read that as "no such endpoint")`);
  }
  throw new Failed(`expected HTTP 405, received ${status}: ${excerpt(text)}`);
}

/**
 * The protocol requires HTTP 403. Anything else is a warning as long as no page may read the answer: servers of other SDKs ignore the
 * header, and a deployment must not be rolled back for that.
 */
async function foreignOrigin(session: McpSession): Promise<CheckOutcome> {
  const { status, headers } = await session.post('tools/list', {}, { origin: FOREIGN_ORIGIN });
  if (status === 403) return { detail: 'refused with HTTP 403' };
  const allowed = headers.get('access-control-allow-origin');
  if (allowed === FOREIGN_ORIGIN) {
    throw new Failed(`every web page may read the answers: access-control-allow-origin repeats the foreign origin ${FOREIGN_ORIGIN}`);
  }
  if (allowed === '*') return warning('every web page may read the answers: access-control-allow-origin is "*"');
  if (status >= 400) return warning(`HTTP ${status} instead of 403`);
  return warning(`HTTP ${status} instead of 403: pages of other origins cannot read the answer, but the request is served`);
}

async function answerHeaders(session: McpSession): Promise<CheckOutcome | void> {
  const { headers, status } = await session.post(session.revision === STATELESS_REVISION ? 'server/discover' : 'ping', {});
  const type = headers.get('content-type') ?? '';
  if (!/^(application\/json|text\/event-stream)\b/.test(type)) {
    throw new Failed(`content-type of HTTP ${status} is ${JSON.stringify(type)}, not application/json or text/event-stream`);
  }
  const version = headers.get('mcp-protocol-version');
  if (version !== null && version !== session.revision) {
    throw new Failed(`mcp-protocol-version is ${JSON.stringify(version)} in an answer to ${session.revision}`);
  }
}

async function latency(session: McpSession, limit?: number): Promise<CheckOutcome> {
  const times: number[] = [];
  for (let sample = 0; sample < LATENCY_SAMPLES; sample++) {
    const { status, ms } = await session.post(session.revision === STATELESS_REVISION ? 'server/discover' : 'ping', {});
    if (status >= 500) throw new Failed(`HTTP ${status} at request ${sample + 1} of ${LATENCY_SAMPLES}`);
    times.push(ms);
  }
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[Math.floor(times.length / 2)], times[times.length - 1]].map(Math.round);
  if (limit !== undefined && median > limit) {
    throw new Failed(`median ${median} ms of ${LATENCY_SAMPLES} requests, more than the ${limit} ms allowed`);
  }
  return { detail: `median ${median} ms, slowest ${slowest} ms of ${LATENCY_SAMPLES} requests` };
}
