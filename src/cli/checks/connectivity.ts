import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable, type Answer, type Endpoint } from './protocol/http';
import { errorText, excerpt, HANDSHAKE_REVISIONS, ProtocolError, McpSession, STATELESS_REVISION } from './protocol/session';
import { runCheck, Failed, type CheckOutcome, type Result } from './report/results';

const POLL_MS = 250;

/** The result of connecting to a server. */
export interface Reached {
  readonly results: readonly Result[];

  /** An open session for each revision that the server supports, newest first. */
  readonly sessions: readonly McpSession[];

  /** If true, the server answers, and requires a token that was not given. */
  readonly locked: boolean;
}

/** What is expected of the endpoint. */
export interface Expectations {
  /** Milliseconds in which to retry while the server does not answer. */
  readonly grace: number;

  /** If true, the deployment says that requests without a token are refused. */
  readonly authRequired: boolean;
}

/** Connect to the server, and open a session in each revision. */
export async function openSessions(endpoint: Endpoint, expectations: Expectations): Promise<Reached> {
  const results: Result[] = [];
  let locked = false;
  results.push(await runCheck('connectivity', 'reachable', async () => {
    const answer = await firstAnswer(endpoint, expectations);
    locked = answer.status === 401 || (answer.status === 403 && answer.message?.error === undefined && expectations.authRequired);
    return judge(answer, endpoint, expectations, locked);
  }));
  if (locked || results[0].status === 'failed') return { results, sessions: [], locked };

  const sessions: McpSession[] = [];
  for (const revision of [STATELESS_REVISION, ...HANDSHAKE_REVISIONS]) {
    const session = new McpSession(endpoint, revision);
    results.push(await runCheck('connectivity', `speaks ${revision}`, async () => {
      const finding = await shakeHands(session);
      if (finding.status !== 'skipped') sessions.push(session);
      return finding;
    }));
  }
  if (sessions.length === 0) {
    results.push(await runCheck('connectivity', 'speaks MCP', async () => {
      throw new Failed(`the server supports none of the revisions ${[STATELESS_REVISION, ...HANDSHAKE_REVISIONS].join(', ')}`);
    }));
  }
  return { results, sessions, locked };
}

/** Send the first request of a client. */
export async function initialize(endpoint: Endpoint, headers: Record<string, string> = {}): Promise<Answer> {
  return new McpSession(endpoint, HANDSHAKE_REVISIONS[0]).post('initialize', {
    protocolVersion: HANDSHAKE_REVISIONS[0], capabilities: {}, clientInfo: { name: 'pmcp-deploy', version: '1' },
  }, headers);
}

/** Send the first request until it is answered: a server that was just deployed may need a moment. */
async function firstAnswer(endpoint: Endpoint, { grace, authRequired }: Expectations): Promise<Answer> {
  for (const deadline = Date.now() + grace; ; await sleep(POLL_MS)) {
    const last = Date.now() >= deadline;
    try {
      const answer = await initialize(endpoint);
      const ready = answer.status < 500 && answer.status !== 404 && answer.status !== 429 && !isForeign(answer, endpoint, authRequired);
      if (last || ready) return answer;
    } catch (error) {
      if (last || !(error instanceof Unreachable) || endpoint.signal?.aborted) throw error;
    }
  }
}

/** True for the refusal of API Gateway for a domain name that is not mapped to a stage (yet). The answer is not the server's. */
function isForeign({ status, message }: Answer, { detour }: Endpoint, authRequired: boolean): boolean {
  return detour !== undefined && status === 403 && message?.jsonrpc === undefined && !authRequired;
}

function judge(answer: Answer, endpoint: Endpoint, { authRequired }: Expectations, locked: boolean): CheckOutcome {
  const { url, token, detour } = endpoint;
  const { status, text, headers, ms } = answer;
  const path = new URL(url).pathname;
  if (locked && token === undefined && authRequired) return { detail: `HTTP ${status} without a token, as expected` };
  const challenge = headers.get('www-authenticate') ? ` (${excerpt(headers.get('www-authenticate')!)})` : '';
  const body = excerpt(text) || 'no body';
  switch (true) {
    case locked:
      throw new Failed(token === undefined
        ? `HTTP ${status}: the server requires a token; sign in with "pmcp-deploy login", or set the environment variable PMCP_DEPLOY_TOKEN`
        : `HTTP ${status}: the server does not accept the token of PMCP_DEPLOY_TOKEN, or of "pmcp-deploy login"${challenge}`,
      { inconclusive: true });
    case isForeign(answer, endpoint, authRequired):
      throw new Failed(`HTTP 403: ${detour?.target} does not answer for ${detour?.host} yet (${body})`, { inconclusive: true });
    case status === 404 && answer.message?.error === undefined:
      throw new Failed(`HTTP 404: the host answers, but not at ${path}; check server.mcp_path in deploy.toml (default: "/mcp")`);
    case status === 405:
      throw new Failed(`HTTP 405: ${path} does not accept POST, so it is not an MCP endpoint`);
    case status === 429:
      throw new Failed('HTTP 429: the gateway throttles requests (rate_limit and burst_limit in [api_gateway])');
    case status >= 300 && status < 400:
      throw new Failed(`HTTP ${status}: redirected to ${headers.get('location') ?? 'nowhere'}; use that URL`);
    case status >= 500:
      throw new Failed(`HTTP ${status}: the server failed or did not answer in time; see "pmcp-deploy logs" (${body})`);
    case answer.message === undefined:
      throw new Failed(`HTTP ${status}, but the answer is not JSON-RPC: ${excerpt(text) || 'it is empty'}`);
  }
  if (authRequired && token === undefined) {
    throw new Failed(`HTTP ${status} without a token, although [auth] is enabled: anyone can call the endpoint`);
  }
  return { detail: `HTTP ${status} in ${Math.round(ms)} ms` };
}

async function shakeHands(session: McpSession): Promise<CheckOutcome> {
  try {
    await session.open();
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.answer.status >= 500) throw error;
    return { status: 'skipped', detail: `not supported: ${error.message}` };
  }
  const { serverInfo, supportedVersions } = session.info as {
    serverInfo?: { name?: unknown; version?: unknown };
    supportedVersions?: unknown;
  };
  if (typeof session.info.capabilities !== 'object') throw new Failed('the handshake has no capabilities');
  if (session.revision === STATELESS_REVISION) {
    if (!Array.isArray(supportedVersions)) throw new Failed('server/discover has no supportedVersions');
    if (!supportedVersions.includes(STATELESS_REVISION)) {
      return { status: 'skipped', detail: `not supported: the server supports ${supportedVersions.join(', ')}` };
    }
  } else if (typeof serverInfo?.name !== 'string' || typeof serverInfo.version !== 'string') {
    throw new Failed('serverInfo has no name and version');
  }
  return { detail: serverInfo && `${String(serverInfo.name)} ${String(serverInfo.version)}` };
}

/** The JSON-RPC error in an answer. @throws Failed for an answer without one */
export function expectError(answer: Answer): { code: unknown; text: string } {
  const { message, status, text } = answer;
  if (message?.error === undefined) throw new Failed(`expected a JSON-RPC error, received HTTP ${status}: ${excerpt(text) || 'empty'}`);
  return { code: message.error.code, text: errorText(message) };
}

