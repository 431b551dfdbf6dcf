import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KNOWN_CALLBACK_URLS } from '../../../src/auth/cognito/known-clients';
import { addToConfiguration } from '../../../src/cli/connect/configuration-file';
import { LOOPBACK_PORTS } from '../../../src/cli/login/loopback';
import { createProgram } from '../../../src/cli/program';
import { NPX_PACKAGES } from '../../../src/cli/util/npx-packages';
import { emptyAccount, stackIs } from '../support/aws';
import { TestProject, write } from '../support/project';
import { cli } from '../support/run';

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
  ['claude-desktop', `${JSON.stringify({
    mcpServers: { hello: { command: 'npx', args: ['-y', 'mcp-remote@0.15.1', URL] } },
  }, undefined, 2)}\n`],
  ['cursor', `${JSON.stringify({ mcpServers: { hello: { url: URL } } }, undefined, 2)}\n`],
  ['vscode', `${JSON.stringify({ servers: { hello: { type: 'http', url: URL } } }, undefined, 2)}\n`],
  ['inspector', `npx @modelcontextprotocol/inspector@2.12.0 --transport http --server-url ${URL}\n`],
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
  expect(stderr).toBe(
    `error: ${path} is not plain JSON; nothing was written\n  add the entry by hand: run the same command without --write\n`,
  );
  expect(code).toBe(1);
  expect(readFileSync(path, 'utf-8')).toBe('{ // mine\n}');
});

test('security L2: what npx runs has an exact version, and mcp-remote one without CVE-2025-6514', () => {
  const versions = Object.values(NPX_PACKAGES).map((name) => /^@?[\w/-]+@(\d+)\.(\d+)\.(\d+)$/.exec(name));
  expect(versions).not.toContain(null);
  const [major, minor, patch] = /@(.*)$/.exec(NPX_PACKAGES.mcpRemote)![1].split('.').map(Number);
  expect(major > 0 || minor > 1 || patch >= 16).toBe(true);
});

describe('security M7: connect --write', () => {
  const ORIGINAL = JSON.stringify({ mcpServers: { mine: { env: { KEY: 'secret' } } } });
  const mode = (path: string) => (statSync(path).mode % 0o1000).toString(8);
  const written = (path: string) => JSON.parse(readFileSync(path, 'utf-8')) as object;
  const both = { mcpServers: { mine: { env: { KEY: 'secret' } }, hello: { type: 'http', url: URL } } };

  test.each(['600', '640', '664', '644', '400'])('keeps the permissions %s', async (permissions) => {
    const path = write(join(project.root, '.mcp.json'), ORIGINAL);
    chmodSync(path, parseInt(permissions, 8));
    expect((await connect('claude-code', '--write')).code).toBe(0);
    expect(mode(path)).toBe(permissions);
    expect(written(path)).toEqual(both);
  });

  test('makes a file that only its owner can read, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      await connect('claude-code', '--write');
    } finally {
      process.umask(umask);
    }
    expect(mode(join(project.root, '.mcp.json'))).toBe('600');
  });

  test('writes to where links lead, and leaves them', async () => {
    const real = write(join(project.root, 'dotfiles', 'mcp.json'), ORIGINAL, 0o600);
    const middle = join(project.root, 'middle.json');
    const path = join(project.root, '.mcp.json');
    symlinkSync(real, middle);
    symlinkSync('middle.json', path);
    expect((await connect('claude-code', '--write')).code).toBe(0);
    expect([path, middle].map((each) => lstatSync(each).isSymbolicLink())).toEqual([true, true]);
    expect(written(real)).toEqual(both);
    expect(mode(real)).toBe('600');
    expect(readdirSync(dirname(real))).toEqual(['mcp.json']);
    expect(readdirSync(project.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('refuses a link that leads nowhere, and what is not a file', async () => {
    const path = join(project.root, '.mcp.json');
    symlinkSync(join(project.root, 'nothing'), path);
    expect((await connect('claude-code', '--write')).stderr)
      .toBe(`error: ${path} is a link to a file that does not exist; nothing was written\n  remove the link, or create the file\n`);
    const folder = join(project.root, '.cursor', 'mcp.json');
    mkdirSync(folder, { recursive: true });
    expect((await connect('cursor', '--write')).stderr).toBe(`error: ${folder} is not a file; nothing was written\n`);
    expect(() => addToConfiguration('/dev/null', 'mcpServers', {})).toThrow('is not a file');
  });

  test('leaves the file as it was, and nothing beside it, where it cannot be replaced', () => {
    const path = write(join(project.root, 'folder', 'x.json'), ORIGINAL, 0o600);
    expect(() => addToConfiguration(path, 'mcpServers', { a: { toJSON: () => { throw new Error('broken'); } } })).toThrow('broken');
    expect(readFileSync(path, 'utf-8')).toBe(ORIGINAL);
    expect(readdirSync(dirname(path))).toEqual(['x.json']);
  });
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
    expect(stderr).toContain('hello: the client opens a page to sign in; if it asks for a client id: the-client (without a secret)\n');
  });

  test('security L5: the Inspector signs in by itself: no command has a token in its arguments', async () => {
    expect((await connect('inspector')).stdout).toBe(`npx @modelcontextprotocol/inspector@2.12.0 --transport http --server-url ${URL}\n`
      + `npx @modelcontextprotocol/inspector@2.12.0 --cli ${URL} --transport http --method tools/list `
      + '--client-id the-client --callback-url http://localhost:6274/oauth/callback\n');
    expect((await connect()).stdout).not.toMatch(/Bearer|print-token/);
    let help = '';
    const login = createProgram().commands.find((command) => command.name() === 'login')!;
    login.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).not.toMatch(/curl -H "|Bearer \$\(/);
    expect(help).toContain('curl -H @-');
  });

  test('aws C5: Claude Code gets the client id and a port that the client is known to be sent back to', async () => {
    expect((await connect('claude-code')).stdout)
      .toBe(`claude mcp add --transport http --client-id the-client --callback-port 14615 hello ${URL}\n`);
    expect((await connect('claude-code', '--write')).code).toBe(0);
    expect(JSON.parse(readFileSync(join(project.root, '.mcp.json'), 'utf-8'))).toEqual({
      mcpServers: { hello: { type: 'http', url: URL, oauth: { clientId: 'the-client', callbackPort: 14615 } } },
    });
    expect(KNOWN_CALLBACK_URLS).toContain('http://localhost:14615/callback');
    expect(LOOPBACK_PORTS).toContain(14615);
  });

  test('aws C5: so does Claude Desktop, by mcp-remote', async () => {
    const args = ['-y', 'mcp-remote@0.15.1', URL, '3334', '--static-oauth-client-info', '{"client_id":"the-client"}'];
    expect(JSON.parse((await connect('claude-desktop')).stdout)).toEqual({ mcpServers: { hello: { command: 'npx', args } } });
    expect(KNOWN_CALLBACK_URLS).toContain('http://localhost:3334/oauth/callback');
    expect(KNOWN_CALLBACK_URLS).toContain('http://localhost:6274/oauth/callback');
  });

  test('a command to copy keeps a name with spaces together', async () => {
    expect((await connect('claude-code', '--name', 'it\'s $(mine)')).stdout).toContain(` 'it'\\''s $(mine)' ${URL}\n`);
  });
});
