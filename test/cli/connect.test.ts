import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyAccount, stackIs } from './support/aws';
import { TestProject, write } from './support/project';
import { cli } from './support/run';

const URL = 'https://abc123.execute-api.eu-west-1.amazonaws.com/mcp';
let project: TestProject;

beforeEach(() => {
  emptyAccount();
  stackIs();
  project = new TestProject();
});

async function connect(...args: string[]) {
  return cli(project.root, project.environment(), 'connect', ...args);
}

test.each([
  ['claude-code', `claude mcp add --transport http hello ${URL}\n`],
  ['claude-desktop', `${JSON.stringify({ mcpServers: { hello: { command: 'npx', args: ['-y', 'mcp-remote', URL] } } }, undefined, 2)}\n`],
  ['cursor', `${JSON.stringify({ mcpServers: { hello: { url: URL } } }, undefined, 2)}\n`],
  ['vscode', `${JSON.stringify({ servers: { hello: { type: 'http', url: URL } } }, undefined, 2)}\n`],
  ['inspector', `npx @modelcontextprotocol/inspector --transport http --server-url ${URL}\n`],
])('%s', async (client, expected) => {
  const { code, stdout } = await connect(client);
  expect(stdout).toBe(expected);
  expect(code).toBe(0);
});

test.each([
  ['claude-code', '.mcp.json', 'mcpServers', { type: 'http', url: URL }],
  ['cursor', '.cursor/mcp.json', 'mcpServers', { url: URL }],
  ['vscode', '.vscode/mcp.json', 'servers', { type: 'http', url: URL }],
])('writes the file of %s, and keeps what is there', async (client, file, key, entry) => {
  const path = write(join(project.root, file), JSON.stringify({ other: 1, [key]: { mine: { url: 'x' } } }));
  expect((await connect(client, '--write')).code).toBe(0);
  expect(JSON.parse(readFileSync(path, 'utf-8'))).toEqual({ other: 1, [key]: { mine: { url: 'x' }, hello: entry } });
});

test('a file with comments stays as it is', async () => {
  const path = write(join(project.root, '.vscode', 'mcp.json'), '{ // mine\n}');
  const { code, stderr } = await connect('vscode', '--write');
  expect(stderr).toBe(`error: ${path} is not plain JSON; nothing was written\n  add the entry by hand: run the same command without --write\n`);
  expect(code).toBe(1);
  expect(readFileSync(path, 'utf-8')).toBe('{ // mine\n}');
});

test('each of several servers has its own name', async () => {
  stackIs({ Outputs: [{ OutputKey: 'aMcpUrl', OutputValue: `${URL}/a` }, { OutputKey: 'bMcpUrl', OutputValue: `${URL}/b` }] });
  const { stdout } = await connect('cursor');
  expect(JSON.parse(stdout)).toEqual({ mcpServers: { a: { url: `${URL}/a` }, b: { url: `${URL}/b` } } });
});

describe('a protected server', () => {
  beforeEach(() => stackIs({
    Outputs: [
      { OutputKey: 'helloMcpUrl', OutputValue: URL },
      { OutputKey: 'helloFunctionName', OutputValue: 'f' },
      { OutputKey: 'helloMcpAuth', OutputValue: 'cognito' },
      { OutputKey: 'helloMcpClientId', OutputValue: 'the-client' },
    ],
  }));

  test('says what the client asks for', async () => {
    const { stdout, stderr } = await connect('cursor');
    expect(JSON.parse(stdout)).toEqual({ mcpServers: { hello: { url: URL } } });
    expect(stderr).toContain('hello: the client opens a page to sign in; where it asks for a client id: the-client (there is no secret)\n');
  });

  test('the command line of the Inspector gets a token that is not in the text', async () => {
    expect((await connect('inspector')).stdout).toBe(`npx @modelcontextprotocol/inspector --transport http --server-url ${URL}\n`
      + `npx @modelcontextprotocol/inspector --cli ${URL} --transport http --method tools/list `
      + '--header "Authorization: Bearer $(npx pmcp-deploy login --print-token)"\n');
  });
});
