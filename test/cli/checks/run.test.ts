import type { ServerResponse } from 'node:http';
import { count, isPassed, type Result } from '../../../src/cli/checks/report/results';
import { runTests, type TestPlan } from '../../../src/cli/checks/run';
import { readScenario } from '../../../src/cli/checks/scenario/scenario';
import { ECHO, startServer, type Behaviour } from '../support/mcp-server';

const PLAN = {
  authRequired: false, checks: ['connectivity', 'conformance', 'apps'], grace: 0, timeout: 20, mcpTester: false,
} as const satisfies Partial<TestPlan>;

async function results(behaviour: Behaviour, plan: Partial<TestPlan> = {}): Promise<readonly Result[]> {
  const server = await startServer(behaviour);
  try {
    return (await runTests({ ...PLAN, url: server.url, ...plan })).results;
  } finally {
    await server.close();
  }
}

function outcome(all: readonly Result[], name: string): Result | undefined {
  return all.find((result) => result.name === name);
}

function send(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  return true;
}

describe('a good server', () => {
  test('passes all checks, in each of its revisions', async () => {
    const all = await results({});
    expect(all.filter(({ status }) => status !== 'passed').map(({ name }) => name)).toEqual(['speaks 2025-03-26', 'pages of tools']);
    expect(outcome(all, 'speaks 2025-03-26')).toMatchObject({
      status: 'skipped',
      detail: 'not supported: the server answered with "2025-11-25"',
    });
    expect(outcome(all, 'lists tools, resources, prompts (2026-07-28)')).toMatchObject({ status: 'passed', detail: '1 tool' });
    expect(outcome(all, 'official client')).toMatchObject({ detail: '@modelcontextprotocol/sdk connects and lists 1 tools' });
    expect(isPassed(all)).toBe(true);
  });

  test('may answer in event streams', async () => {
    expect(isPassed(await results({ streams: true }))).toBe(true);
  });

  test('may speak the stateless revision only', async () => {
    const all = await results({
      revisions: ['2026-07-28'],
      intercept: (_, response, message) => message.method === 'initialize'
        && send(response, 400, {
          jsonrpc: '2.0',
          id: 1,
          error: { code: -32022, message: 'Unsupported', data: { supported: ['2026-07-28'] } },
        }),
    });
    expect(isPassed(all)).toBe(true);
    expect(outcome(all, 'official client')?.status).toBe('skipped');
  });

  test('may have many pages of tools', async () => {
    const all = await results({ tools: [ECHO, { ...ECHO, name: 'second' }] });
    expect(outcome(all, 'lists tools, resources, prompts (2025-11-25)')).toMatchObject({ status: 'passed', detail: '2 tools' });
  });
});

describe('a server that does not answer', () => {
  test('is told from one that has nothing at the path', async () => {
    const server = await startServer();
    const wrongPath = await runTests({ ...PLAN, url: `${server.origin}/other` });
    await server.close();
    const gone = await runTests({ ...PLAN, url: server.url });
    expect(wrongPath.results[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('HTTP 404: the host answers, but not at /other; check server.mcp_path'),
    });
    expect(gone.results[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^cannot reach 127.0.0.1:\d+: nothing listens on the port \(ECONNREFUSED\)$/),
    });
    expect(isPassed(gone.results)).toBe(false);
  });

  test('is given a moment after a deployment', async () => {
    let failures = 2;
    const all = await results({
      intercept: (_, response) => failures-- > 0 && send(response, 503, { message: 'Service Unavailable' }),
    }, { grace: 5000 });
    expect(isPassed(all)).toBe(true);
  });

  test.each([
    [500, 'HTTP 500: the server failed'],
    [429, 'HTTP 429: the gateway throttles requests'],
    [200, 'HTTP 200, but the answer is not JSON-RPC'],
  ])('says what HTTP %i means', async (status, text) => {
    const [first] = await results({
      intercept: (_, response) => {
        response.writeHead(status).end('text');
        return true;
      },
    });
    expect(first).toMatchObject({ status: 'failed', detail: expect.stringContaining(text) });
  });

  test('ends when the time is over', async () => {
    const started = Date.now();
    const [first] = await results({ intercept: () => true }, { timeout: 1 });
    expect(first).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/no answer within 1 s|the time limit of all tests is over/),
    });
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('fails what was asked for by name', async () => {
    const all = await results({ intercept: (_, response) => send(response, 500, {}) }, {
      tool: { name: 'echo', args: {} },
      officialSuite: 'active',
    });
    expect(all.filter(({ status }) => status === 'failed').map(({ group }) => group)).toEqual(['connectivity', 'tool', 'official']);
  });
});

describe('a token', () => {
  test('opens the server', async () => {
    expect(isPassed(await results({ token: 'abc' }, { token: 'abc', authRequired: true }))).toBe(true);
  });

  test('is missed', async () => {
    const all = await results({ token: 'abc' });
    expect(all[0]).toMatchObject({ status: 'failed', detail: expect.stringContaining('PMCP_DEPLOY_TOKEN') });
  });

  test('is not needed to see that the server is closed, as it should be', async () => {
    const all = await results({ token: 'abc' }, { authRequired: true });
    expect(all.map(({ status }) => status)).toEqual(['passed', 'skipped', 'skipped']);
    expect(isPassed(all)).toBe(true);
  });

  test('is missed by a server that should be closed', async () => {
    expect((await results({}, { authRequired: true }))[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('anyone can call the endpoint'),
    });
  });
});

describe('a server with a mistake', () => {
  const mistakes: ReadonlyArray<[string, string, Behaviour]> = [
    [
      'a gateway that knows POST only',
      'GET gets 405 or a stream',
      { intercept: ({ method }, response) => method !== 'POST' && send(response, 404, { message: 'Not Found' }) },
    ],
    [
      'the same for DELETE',
      'DELETE gets 405',
      { intercept: ({ method }, response) => method === 'DELETE' && send(response, 404, { message: 'Not Found' }) },
    ],
    ['every origin may read', 'foreign Origin', {
      intercept: ({ headers }, response) => headers.origin !== undefined
      && send(response, 200, { jsonrpc: '2.0', id: 1, result: {} }, { 'access-control-allow-origin': headers.origin }),
    }],
    [
      'a schema that is none',
      'lists tools, resources, prompts (2025-06-18)',
      { tools: [{ ...ECHO, inputSchema: { type: 'object', properties: { a: { type: 'strin' } } } }] },
    ],
    ['a schema of no object', 'lists tools, resources, prompts (2026-07-28)', { tools: [{ ...ECHO, inputSchema: { type: 'string' } }] }],
    ['two tools of a name', 'lists tools, resources, prompts (2026-07-28)', { tools: [ECHO, ECHO] }],
    ['success for all methods', 'unknown method is an error', {
      intercept: (_, response, { method }) => String(method).startsWith('pmcp-deploy/')
      && send(response, 200, { jsonrpc: '2.0', id: 1, result: {} }),
    }],
    ['success for all tools', 'unknown tool is an error', {
      intercept: (_, response, { method }) => method === 'tools/call'
      && send(response, 200, { jsonrpc: '2.0', id: 1, result: { content: [] } }),
    }],
    [
      'an error for notifications',
      'notifications get 202',
      { intercept: (_, response, { method }) => method === 'notifications/cancelled' && send(response, 400, {}) },
    ],
    ['all revisions', 'unsupported revision gets 400', {
      intercept: ({ headers }, response) => headers['mcp-protocol-version'] === '1999-01-01'
      && send(response, 200, { jsonrpc: '2.0', id: 1, result: { tools: [] } }),
    }],
    [
      'no parse error',
      'broken JSON is an error',
      { intercept: (_, response, message) => Object.keys(message).length === 0 && send(response, 500, {}) },
    ],
  ];

  test.each(mistakes)('is seen: %s', async (_, name, behaviour) => {
    const all = await results(behaviour);
    expect(outcome(all, name)).toMatchObject({ status: 'failed' });
    expect(isPassed(all)).toBe(false);
  });

  test.each<[string, number, Record<string, string>, string, string]>([
    ['serves it', 200, {}, 'warning', 'HTTP 200 instead of 403: pages of other origins cannot read the answer, but the request is served'],
    ['says 400', 400, {}, 'warning', 'HTTP 400 instead of 403'],
    ['lets all pages read', 200, { 'access-control-allow-origin': '*' }, 'warning', 'access-control-allow-origin is "*"'],
    [
      'lets that page read',
      200,
      { 'access-control-allow-origin': 'https://pmcp-deploy-test.invalid' },
      'failed',
      'repeats the foreign origin',
    ],
    ['refuses it', 403, {}, 'passed', 'refused with HTTP 403'],
  ])('aws C8: a foreign Origin, of a server that %s', async (_, status, headers, outcomeOf, detail) => {
    const all = await results({
      intercept: (request, response) => request.headers.origin !== undefined && send(response, status, {
        jsonrpc: '2.0',
        id: 1,
        result: { tools: [] },
      }, headers),
    });
    expect(outcome(all, 'foreign Origin')).toMatchObject({ status: outcomeOf, detail: expect.stringContaining(detail) });
    // A deployment is taken back for a failure only.
    expect(isPassed(all)).toBe(outcomeOf !== 'failed');
  });

  test('is seen when it is slow', async () => {
    expect(outcome(await results({}, { maxLatency: 0.0001 }), 'latency')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('more than the 0.0001 ms allowed'),
    });
  });

  test('is seen when a page of a tool is not there', async () => {
    const all = await results({ tools: [{ ...ECHO, _meta: { ui: { resourceUri: 'ui://page' } } }] });
    expect(outcome(all, 'page of echo')).toMatchObject({ status: 'failed' });
  });
});

describe('a tool', () => {
  test('is called', async () => {
    const server = await startServer();
    const { results: all, toolAnswer } = await runTests({
      ...PLAN,
      checks: ['connectivity'],
      url: server.url,
      tool: { name: 'echo', args: { text: 'hello' } },
    });
    await server.close();
    expect(outcome(all, 'calls echo')?.status).toBe('passed');
    expect(toolAnswer).toMatchObject({ structuredContent: { text: 'hello' } });
  });

  test.each([
    ['nope', {}, 'there is no tool "nope"; the server has echo'],
    ['echo', { text: 1 }, 'the value of --args does not match its schema: /text must be string'],
    ['echo', { text: 'boom' }, 'the tool failed: it went wrong'],
  ])('fails: %s with %j', async (name, args, detail) => {
    expect(outcome(await results({}, {
      checks: ['connectivity'],
      tool: { name, args },
    }), `calls ${name}`)).toMatchObject({ status: 'failed', detail });
  });

  test('fails when its answer does not match its schema', async () => {
    const all = await results({
      tools: [{ ...ECHO, outputSchema: { type: 'object', required: ['other'] } }],
    }, { checks: ['connectivity'], tool: { name: 'echo', args: { text: 'a' } } });
    expect(outcome(all, 'calls echo')).toMatchObject({
      detail: 'structuredContent does not match its schema: the whole value must have required property \'other\'',
    });
  });
});

test('nothing tested is nothing passed', () => {
  expect(isPassed([])).toBe(false);
  expect(isPassed([{ group: 'apps', name: 'a', status: 'skipped', ms: 0 }])).toBe(false);
  expect(count([{ group: 'apps', name: 'a', status: 'warning', ms: 0 }])).toMatchObject({ executed: 1, failed: 0 });
});

test('a scenario file that is none is a user error', () => {
  expect(() => readScenario('/no/such.yaml')).toThrow('cannot read the scenario file /no/such.yaml');
});
