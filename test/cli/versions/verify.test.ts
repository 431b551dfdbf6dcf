import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import type { Project } from '../../../src/cli/project/project';
import type { StackState } from '../../../src/cli/stack/stack';
import { CliError } from '../../../src/cli/util/errors';
import { verify } from '../../../src/cli/versions/verify';
import { loadDeployFile } from '../../../src/config/load/deploy-file';
import { emptyAccount, lambda, stackIs } from '../support/aws';
import { startServer, type Behaviour } from '../support/mcp-server';
import { onCleanup, TestProject } from '../support/project';
import { cli } from '../support/run';
import { FakeFunction } from '../support/versions';

const DOMAIN = 'mcp.example.test';

/** What the DNS knows. */
const dns = new Map<string, string>();

jest.mock('node:dns/promises', () => ({
  lookup: async (name: string) => {
    const address = dns.get(name);
    if (address === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    if (address === 'broken') throw Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), { code: 'EAI_AGAIN' });
    return [{ address, family: 4 }];
  },
}));
jest.mock('../../../src/cli/checks/domain-target', () => ({ ...jest.requireActual<object>('../../../src/cli/checks/domain-target'), NEW_DOMAIN_GRACE_MS: 0 }));

let hello: FakeFunction;
let said: string;

beforeEach(() => {
  emptyAccount();
  hello = new FakeFunction();
  hello.deploy('good');
  hello.deploy('new');
  dns.clear();
  dns.set('127.0.0.1', '127.0.0.1');
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});

afterEach(() => jest.restoreAllMocks());

function project(toml: string = '', onFailure: string = 'rollback'): Project {
  const { root } = new TestProject('[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[post_deploy_tests]\nchecks = ["conformance"]\nwarmup_grace_ms = 0\n'
    + `timeout_seconds = 10\non_failure = "${onFailure}"\n${toml}`);
  const file = loadDeployFile(join(root, '.pmcp', 'deploy.toml'), {});
  return { root, appFolder: root, file, serverName: 'hello', stage: 'default', stackName: 'hello', region: 'eu-west-1' };
}

function stack(outputs: Record<string, string>): StackState {
  const all = { FunctionName: 'hello-Function', FunctionVersion: '2', ...outputs };
  const outputsOf = Object.entries(all).map(([key, value]) => ({ key: `hello${key}`, value }));
  return { name: 'hello', id: '1', status: 'UPDATE_COMPLETE', tags: new Map(), outputs: outputsOf };
}

async function server(behaviour: Behaviour = {}): Promise<{ url: string; port: string; hosts: Set<string | undefined> }> {
  const hosts = new Set<string | undefined>();
  const started = await startServer({
    ...behaviour,
    intercept: (request, response, message) => {
      hosts.add(request.headers.host);
      return behaviour.intercept?.(request, response, message) ?? false;
    },
  });
  onCleanup(started.close);
  return { url: started.url, port: new URL(started.url).port, hosts };
}

/** Verifies a deployment of version 2, with version 1 before it, and says what came of it. */
async function verified(of: Project, deployed: StackState, previous?: StackState): Promise<{ code: number; error?: string; live?: string }> {
  const before = new Map([['hello-Function', { version: '1', weighted: [] }]]);
  try {
    await verify(of, deployed, before, previous);
    return { code: 0, live: hello.live };
  } catch (error) {
    return { code: (error as CliError).exitCode, error: (error as CliError).message, live: hello.live };
  }
}

const BROKEN: Behaviour = { intercept: (_, response) => (response.writeHead(500).end('broken'), true) };
const FORBIDDEN: Behaviour = {
  intercept: (_, response) => (response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}'), true),
};

describe('aws A3: a domain name that does not lead to the server yet', () => {
  const deployed = (port: string) => stack({
    McpUrl: `http://${DOMAIN}:${port}/mcp`, DomainTarget: '127.0.0.1', ApiUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com',
  });

  test('is tested where its records are to point to, and the record is told', async () => {
    const { port, hosts } = await server();
    expect(await verified(project(), deployed(port))).toEqual({ code: 0, live: '2' });
    // The server is spoken to by its name.
    expect([...hosts]).toEqual([`${DOMAIN}:${port}`]);
    expect(said).toContain(`${DOMAIN} does not resolve yet, so clients cannot reach it: create a DNS record, ${DOMAIN} CNAME 127.0.0.1`
      + ' (in Route 53, and for the apex of a zone, alias records to it, A and AAAA)\n');
    expect(said).toMatch(/ \d+ tests: \d+ passed, \d+ with a warning/);
  });

  test('whose records the deployment makes needs patience only', async () => {
    const { port } = await server();
    const zone = `[domain]\nname = "${DOMAIN}"\ncertificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"\nhosted_zone_id = "Z1"\nzone_name = "example.test"\n`;
    expect(await verified(project(zone), deployed(port))).toEqual({ code: 0, live: '2' });
    expect(said).toContain(`${DOMAIN} does not resolve here yet: its records in Route 53 are new`);
    expect(said).not.toContain('make a DNS record');
  });

  test('is tested as what was deployed while the DNS leads to another server', async () => {
    dns.set(DOMAIN, '192.0.2.1');
    const { port, hosts } = await server();
    expect(await verified(project(), deployed(port))).toEqual({ code: 0, live: '2' });
    expect(hosts.size).toBe(1);
    expect(said).not.toContain('does not resolve');
  });

  test('does not hide a server that is broken', async () => {
    const { port } = await server(BROKEN);
    expect(await verified(project(), deployed(port))).toMatchObject({
      code: 3, error: expect.stringContaining('the tests failed, and the deployment was rolled back'), live: '1',
    });
  });

  test.each([
    ['cannot be reached', undefined],
    ['is not known to API Gateway', FORBIDDEN],
  ])('and %s is left with a warning', async (_, behaviour) => {
    const { port } = behaviour ? await server(behaviour) : { port: '1' };
    expect(await verified(project(), deployed(port))).toEqual({ code: 0, live: '2' });
    expect(said).toContain(`! http://${DOMAIN}:${port}/mcp cannot be tested yet: run "npx pmcp-deploy test" when ${DOMAIN} resolves and answers\n`);
    expect(lambda.commandCalls(UpdateAliasCommand)).toHaveLength(0);
  });

  test('counts as not verified when it is not new, resolves, and cannot be reached', async () => {
    dns.set(DOMAIN, '127.0.0.1');
    expect(await verified(project(), deployed('1'), deployed('1'))).toEqual({
      code: 3, error: 'deployed, but not verified: the failures above are not of the server, so nothing is rolled back', live: '2',
    });
  });

  test('is not taken for missing when the DNS cannot be asked', async () => {
    dns.set(DOMAIN, 'broken');
    const { port } = await server();
    expect(await verified(project(), deployed(port))).toEqual({ code: 0, live: '2' });
    expect(said).not.toContain('make a DNS record');
  });

  test('is left out on a local AWS, which has no DNS', async () => {
    const { port, url } = await server();
    const local = { ...project(), local: { endpoint: new URL(url).origin, account: '000000000000', secret: 's' } };
    const origin = `http://127.0.0.1:${port}`;
    expect(await verified(local, stack({ McpUrl: `https://${DOMAIN}/mcp`, DomainTarget: 'd-1.execute-api', ApiUrl: origin }))).toEqual({ code: 0, live: '2' });
    expect(said).toContain(`Tests of ${origin}/mcp\n`);
  });

  test('is told by "pmcp-deploy test" too, which tests where the records are to point to', async () => {
    const { port } = await server();
    const of = new TestProject();
    stackIs({
      Outputs: [
        { OutputKey: 'helloFunctionName', OutputValue: 'hello-Function' },
        { OutputKey: 'helloMcpUrl', OutputValue: `http://${DOMAIN}:${port}/mcp` },
        { OutputKey: 'helloDomainTarget', OutputValue: '127.0.0.1' },
      ],
    });
    const { code, stdout } = await cli(of.root, of.environment(), 'test', '--json', '--no-mcp-tester');
    const { ok, results } = JSON.parse(stdout) as { ok: boolean; results: Array<{ name: string; status: string; detail: string }> };
    expect([code, ok]).toEqual([0, true]);
    expect(results[0]).toMatchObject({ name: 'DNS', status: 'warning', detail: expect.stringContaining(`${DOMAIN} CNAME 127.0.0.1`) });
    expect(results.find(({ name }) => name === 'official client')?.status).toBe('passed');
  });
});

describe('aws A3: nothing is rolled back for what is not the server\'s', () => {
  test.each([
    ['a host that is not known', 'http://no-such-host.invalid/mcp'],
    ['a host that does not listen', 'http://127.0.0.1:1/mcp'],
  ])('%s', async (_, url) => {
    expect(await verified(project(), stack({ McpUrl: url }))).toEqual({
      code: 3, error: 'deployed, but not verified: the failures above are not of the server, so nothing is rolled back', live: '2',
    });
    expect(await verified(project('', 'warn'), stack({ McpUrl: url }))).toEqual({ code: 0, live: '2' });
    expect(said).toContain('! the tests could not check the server; the deployment stays live, because [post_deploy_tests] on_failure is "warn"\n');
  });

  test('a connection that is cut before an answer', async () => {
    const cutting = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve));
    onCleanup(async () => new Promise((resolve) => cutting.close(resolve)));
    const { port } = cutting.address() as AddressInfo;
    expect(await verified(project(), stack({ McpUrl: `http://127.0.0.1:${port}/mcp` }))).toMatchObject({ code: 3, live: '2' });
  });

  test('TLS that fails', async () => {
    const { port } = await server();
    expect(await verified(project(), stack({ McpUrl: `https://127.0.0.1:${port}/mcp` }))).toMatchObject({ code: 3, live: '2' });
  });

  test('a token that is refused', async () => {
    process.env.PMCP_DEPLOY_TOKEN = 'old';
    onCleanup(() => void delete process.env.PMCP_DEPLOY_TOKEN);
    const { url } = await server({ token: 'good' });
    expect(await verified(project('[auth]\nenabled = true\nprovider = "iam"\n'), stack({ McpUrl: url }))).toMatchObject({ code: 3, live: '2' });
  });

  test('but for a server that is silent', async () => {
    const { url } = await server({ intercept: () => true });
    const impatient = project().file;
    const { post_deploy_tests: tests } = impatient.deployment;
    const of = { ...project(), file: { ...impatient, deployment: { ...impatient.deployment, post_deploy_tests: { ...tests, timeout_seconds: 1 } } } };
    expect(await verified(of, stack({ McpUrl: url }))).toMatchObject({ code: 3, error: expect.stringContaining('was rolled back'), live: '1' });
  });

  test('but for one check that the server fails, whatever the others are', async () => {
    let requests = 0;
    const { url } = await server({
      intercept: (request, response, message) => {
        if (message.method === 'pmcp-deploy/no-such-method') return (response.writeHead(200).end('{}'), true);
        return ++requests > 12 && (request.socket.destroy(), true);
      },
    });
    expect(await verified(project(), stack({ McpUrl: url }))).toMatchObject({ code: 3, error: expect.stringContaining('was rolled back'), live: '1' });
  });
});
