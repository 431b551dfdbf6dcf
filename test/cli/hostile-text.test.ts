import type { ServerResponse } from 'node:http';
import { AwsServer } from './support/aws-server';
import { startServer } from './support/mcp-server';
import { onCleanup, TestProject, write } from './support/project';
import { startProtected } from './support/protected-server';
import { cli } from './support/run';
import { forged, HOSTILE, steering } from './support/steering';
import { setVerbose } from '../../src/cli/util/terminal';

/*
 * Text from elsewhere, through the whole of a command: what gets to the terminal is compared byte by byte.
 */

// Whole commands, with all that they load.
jest.setTimeout(120_000);

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
});
afterEach(() => setVerbose(false));

/** Runs a command on a terminal with colours, and makes sure that nothing in its output steers that. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const ran = await cli(project.root, { ...project.environment(), FORCE_COLOR: '1', ...env }, ...args);
  for (const output of [ran.stdout, ran.stderr]) {
    expect(steering(output)).toEqual([]);
    expect(forged(output)).toEqual([]);
  }
  return ran;
}

async function mcpServer(answer: (method: string) => object | undefined): Promise<string> {
  const server = await startServer({
    intercept: (_, response: ServerResponse, message) => {
      const reply = answer(message.method as string);
      if (!reply) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...reply }));
      return true;
    },
  });
  onCleanup(server.close);
  return server.url;
}

const ABOUT = { capabilities: { tools: {} }, serverInfo: { name: HOSTILE, version: HOSTILE } };

describe.each([[[]], [['--json']], [['--verbose']]])('security M2: test with %j', (options: string[]) => {
  const test_ = async (url: string, ...more: string[]) => run(['test', url, '--no-mcp-tester', ...options, ...more]);

  test('of a server with a hostile name', async () => {
    const url = await mcpServer((method) => (
      method === 'initialize' ? { result: { ...ABOUT, protocolVersion: '2025-11-25' } } : undefined
    ));
    const { stdout } = await test_(url);
    if (options.includes('--json')) {
      const { results } = JSON.parse(stdout) as { results: Array<{ name: string; detail?: string }> };
      expect(results.find(({ name }) => name === 'speaks 2025-11-25')?.detail).toBe(`${HOSTILE} ${HOSTILE}`);
    } else {
      expect(stdout).toMatch(/speaks 2025-11-25 .*\\x1b\]52;c;Y3VybCBldmlsLmV4YW1wbGV8c2g=\\x07.*\\u\{202e\}.*\\n✔ all is well/);
    }
  });

  test('of a server with hostile errors', async () => {
    const { code } = await test_(await mcpServer(() => ({ error: { code: HOSTILE, message: HOSTILE, data: HOSTILE } })));
    expect(code).toBe(3);
  });

  test('of a server that answers something hostile that is no JSON', async () => {
    const server = await startServer({
      intercept: (_, response) => !!response.writeHead(500, { 'content-type': 'text/plain' }).end(HOSTILE),
    });
    onCleanup(server.close);
    expect((await test_(server.url)).code).toBe(3);
  });

  test('of a tool with a hostile name, schema and answer', async () => {
    const tool = {
      name: HOSTILE,
      description: HOSTILE,
      inputSchema: { type: 'object', properties: { [HOSTILE]: { description: HOSTILE } }, title: HOSTILE },
      _meta: { 'ui/resourceUri': HOSTILE, 'ui': { resourceUri: HOSTILE } },
    };
    const answer = { content: [{ type: 'text', text: HOSTILE }], structuredContent: { [HOSTILE]: HOSTILE } };
    const url = await mcpServer((method) => (
      { 'tools/list': { result: { tools: [tool, tool] } }, 'tools/call': { result: answer } }[method]
    ));
    const { stdout } = await test_(url, '--tool', HOSTILE);
    if (options.includes('--json')) expect((JSON.parse(stdout) as { answer: object }).answer).toEqual(answer);
    else expect(JSON.parse(stdout.slice(stdout.indexOf('\n{\n')))).toEqual(answer.structuredContent);
  });

  test('of a hostile issuer', async () => {
    const { url, close } = await startProtected((origin) => ({
      'GET /.well-known/oauth-authorization-server': {
        status: 200,
        body: {
          issuer: HOSTILE,
          authorization_endpoint: HOSTILE,
          token_endpoint: HOSTILE,
          registration_endpoint: `${origin}/register`,
          code_challenge_methods_supported: [HOSTILE],
        },
      },
      'POST /register': { status: 400, body: { error: HOSTILE, error_description: HOSTILE } },
      'POST /mcp': { status: 401, body: HOSTILE },
    }));
    onCleanup(close);
    expect((await test_(url, '--auth')).code).toBe(3);
  });
});

describe('security M2: login', () => {
  test.each([[[]], [['--verbose']]])('at an issuer with hostile errors %j', async (options: string[]) => {
    const { url, close } = await startProtected(() => ({
      'POST /register': { status: 400, body: { error: HOSTILE, error_description: HOSTILE } },
      'POST /token': { status: 400, body: { error: HOSTILE, error_description: HOSTILE } },
    }));
    onCleanup(close);
    setVerbose(options.length > 0);
    const { code, stderr } = await run(['login', url, '--no-browser']);
    expect(code).not.toBe(0);
    // It is shown.
    expect(stderr).toMatch(/error:.*52;c;Y3VybCBldmlsLmV4YW1wbGV8c2g=/);
  });

  test('at an issuer that refuses a device in hostile words', async () => {
    const { url, close } = await startProtected(() => ({
      'POST /device': { status: 400, body: { error: HOSTILE, error_description: HOSTILE } },
    }));
    onCleanup(close);
    const { code, stderr } = await run(['login', url, '--device', '--client-id', 'mine']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/error:.*52;c;Y3VybCBldmlsLmV4YW1wbGV8c2g=/);
  });
});

const STACK = {
  StackName: 'hello', StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/hello/1', CreationTime: '2026-01-01T00:00:00Z',
};
const TAGS = [{ Key: 'pmcp-deploy:server', Value: 'hello' }, { Key: 'pmcp-deploy:stage', Value: 'default' }];
const OUTPUTS = {
  helloMcpUrl: `https://example.com/${HOSTILE}`, helloFunctionName: 'fn', helloLogGroupName: 'lines', helloMetricsNamespace: 'n',
};

const LINES = [
  HOSTILE,
  `ERROR ${HOSTILE}`,
  JSON.stringify({
    level: HOSTILE, message: HOSTILE, requestId: HOSTILE, [HOSTILE]: HOSTILE, fields: { [`a\n${HOSTILE}`]: { [HOSTILE]: HOSTILE } },
  }),
  JSON.stringify({ 'message': 'hello', 'key\nERROR forged': 1, 'bidi\u202e': '\u009b2J' }),
];

const aws = new AwsServer({
  'CloudFormation.DescribeStacks': () => ({
    Stacks: [{
      ...STACK,
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
      StackStatusReason: HOSTILE,
      Tags: TAGS,
      Outputs: Object.entries(OUTPUTS).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    }],
  }),
  'CloudFormation.DescribeStackEvents': () => ({
    StackEvents: [{
      StackId: STACK.StackId,
      EventId: '1',
      StackName: 'hello',
      Timestamp: '2026-01-01T00:00:00Z',
      LogicalResourceId: HOSTILE,
      ResourceType: 'Custom::Thing',
      ResourceStatus: 'UPDATE_FAILED',
      ResourceStatusReason: HOSTILE,
    }],
  }),
  'CloudFormation.ListStackResources': () => ({ StackResourceSummaries: [] }),
  'Logs.FilterLogEvents': () => ({
    events: LINES.map((message, index) => ({ logStreamName: HOSTILE, timestamp: Date.now() - 1000 + index, message })),
  }),
  'Lambda.GetFunctionConfiguration': () => ({ MemorySize: 512, Architectures: ['arm64'] }),
  // The names of tools are labels of what a search finds.
  'CloudWatch.GetMetricData': ({ MetricDataQueries, StartTime }) => ({
    MetricDataResults: (MetricDataQueries as Array<{ Id: string; Expression?: string }>)
      .filter(({ Expression }) => Expression?.startsWith('SEARCH'))
      .map(({ Id }) => ({ Id, Label: HOSTILE, Timestamps: [StartTime], Values: [7], StatusCode: 'Complete' })),
    Messages: [],
  }),
});
beforeAll(() => aws.start());
afterAll(() => aws.stop());

describe('of a hostile account and its server', () => {
  const command = async (...args: string[]) => run(args, {
    AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test',
  });

  test.each([
    'outputs', 'outputs --json', 'status', 'status --json', 'stages', 'connect', 'connect claude-code', 'metrics', 'metrics --json',
  ])('security M2: %s', async (line) => {
    const { stdout, stderr } = await command(...line.split(' '));
    expect(`${stdout}${stderr}`.length).toBeGreaterThan(0);
    // They show it.
    if (/^(outputs|status|metrics)/.test(line)) expect(stdout).toContain('52;c;');
  });

  test('security L10: logs', async () => {
    const { stdout, code } = await command('logs');
    expect(code).toBe(0);
    expect(stdout).toContain('\\x1b]52;c;');
    const lines = stdout.replace(/\u001b\[\d+m/g, '').trimEnd().split('\n');
    // Each line is an event's own, or indented below it.
    expect(lines.filter((line) => !/^\d\d:\d\d:\d\d\.\d{3} |^ {2}/.test(line))).toEqual([]);
    expect(lines.at(-1)).toMatch(/ INFO {2}hello "key\\nERROR forged"=1 bidi\\u\{202e\}=\\x9b2J$/);
  });

  test('security L10: logs --json has the whole text, in one line for each', async () => {
    const { stdout, code } = await command('logs', '--json');
    expect(code).toBe(0);
    interface Line { message: string; stream: string; fields: Record<string, unknown> }
    const entries = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Line);
    expect(entries).toHaveLength(LINES.length);
    expect(entries.every(({ stream }) => stream === HOSTILE)).toBe(true);
    expect(entries[2].message).toBe(HOSTILE);
    expect(entries[3].fields).toEqual({ 'key\nERROR forged': 1, 'bidi\u202e': '\u009b2J' });
  });
});

test('security M2: the parser of the arguments repeats what it does not know', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => { throw new Error(`exit ${code}`); });
  for (const args of [['status', `--${HOSTILE}`], [HOSTILE], ['completion', HOSTILE], ['logs', '--level', HOSTILE]]) await run(args);
  exit.mockRestore();
});

test('security M2: arguments and files of the user', async () => {
  write(`${project.root}/.pmcp/deploy.toml`, [
    '[target]', 'type = "aws-lambda"', 'version = "1.0.0"', '[aws]', 'region = "eu-west-1"',
    '[server]', 'name = "hello"', '"\u202e\u0085x" = "\u009b2J"', '',
  ].join('\n'));
  expect((await run(['validate'])).code).toBe(1);
  const scenario = ['test', 'http://localhost:1/mcp', '--scenario', `/no/${HOSTILE}`];
  for (const args of [['status', '--stage', HOSTILE], ['test', HOSTILE], ['logs', '--since', HOSTILE], scenario]) {
    expect((await run(args)).code).toBe(1);
  }
});
