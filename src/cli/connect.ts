import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CLIENTS, type Client } from './clients';
import { CliError } from './errors';
import { protectedServer } from './login/endpoints';
import { sameStage, type Project } from './project';
import { serversOf } from './servers';
import { deployedStack, mcpUrls } from './stack';

/** A server, as a client names it. */
export interface Connection {
  readonly name: string;
  readonly url: string;

  /** Whether people sign in. */
  readonly signIn?: boolean;

  /** Client id for clients that do not register themselves. */
  readonly clientId?: string;

  /** The arguments that name the server to other commands. */
  readonly again?: string;
}

/** Where a client has its servers. */
interface ConfigurationFile {
  readonly path: string;

  /** The key that the servers are under. */
  readonly key: string;

  /** What the file says about one server. */
  readonly entry: (url: string) => object;
}

/** The servers of a stage; one has the name of the server (and stage), several have each their own. */
export async function connections(project: Project, name?: string): Promise<Connection[]> {
  const stack = await deployedStack(project);
  const urls = mcpUrls(stack);
  const protectedServers = serversOf(stack).map(protectedServer).filter((server) => server !== undefined);
  if (urls.length === 0) throw new CliError(`stack ${project.stackName} has no output that ends with "McpUrl"`, { hint: 'deploy again with this version of pmcp-deploy' });
  const suffix = [project.stage === 'default' ? '' : `-${project.stage}`, project.local ? '-local' : ''].join('');
  return urls.map(({ key, value }) => {
    const own = urls.length === 1 ? project.serverName : key.replace(/McpUrl$/, '');
    const signIn = protectedServers.find(({ url }) => url === value);
    return {
      name: name ? (urls.length === 1 ? name : `${name}-${own}`) : `${own}${suffix}`,
      url: value,
      signIn: signIn !== undefined,
      clientId: signIn?.clientId,
      again: `${protectedServers.length > 1 ? ` --server ${signIn?.name}` : ''}${sameStage(project)}`,
    };
  });
}

/** The configuration file of a client, or undefined for one that is started with the URL. */
function configurationFile(client: Client, root: string): ConfigurationFile | undefined {
  switch (client) {
    case 'claude-code':
      return { path: join(root, '.mcp.json'), key: 'mcpServers', entry: (url) => ({ type: 'http', url }) };
    case 'claude-desktop':
      return { path: claudeDesktopFile(), key: 'mcpServers', entry: (url) => ({ command: 'npx', args: remoteArguments(url) }) };
    case 'cursor':
      return { path: join(root, '.cursor', 'mcp.json'), key: 'mcpServers', entry: (url) => ({ url }) };
    case 'vscode':
      return { path: join(root, '.vscode', 'mcp.json'), key: 'servers', entry: (url) => ({ type: 'http', url }) };
    case 'inspector':
      return undefined;
  }
}

/** Claude Desktop's file starts programs only; mcp-remote is the one that talks HTTP for it. */
function remoteArguments(url: string): string[] {
  return ['-y', 'mcp-remote', url, ...url.startsWith('http:') ? ['--allow-http'] : []];
}

function claudeDesktopFile(): string {
  const file = join('Claude', 'claude_desktop_config.json');
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', file);
    case 'win32':
      return join(process.env.APPDATA || join(homedir(), 'AppData', 'Roaming'), file);
    default:
      return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), file);
  }
}

/** What a user has to do to use servers in a client. */
export function describe(client: Client, root: string, servers: readonly Connection[]): { heading: string; text: string } {
  const title = CLIENTS[client];
  const file = configurationFile(client, root);
  if (!file) {
    return { heading: `${title}: run`, text: servers.flatMap(inspectorLines).join('\n') };
  }
  if (client === 'claude-code') {
    return { heading: `${title}: run`, text: servers.map(({ name, url }) => `claude mcp add --transport http ${name} ${url}`).join('\n') };
  }
  return { heading: `${title}: in ${file.path}`, text: JSON.stringify({ [file.key]: entries(file, servers) }, undefined, 2) };
}

/** The Inspector's page signs in by itself; its command line wants the token. */
function inspectorLines({ url, signIn, again }: Connection): string[] {
  const page = `npx @modelcontextprotocol/inspector --transport http --server-url ${url}`;
  const token = `"Authorization: Bearer $(npx pmcp-deploy login --print-token${again ?? ''})"`;
  return signIn ? [page, `npx @modelcontextprotocol/inspector --cli ${url} --transport http --method tools/list --header ${token}`] : [page];
}

/** What a person is asked for who uses a server that people sign in to. */
export function signInAdvice(servers: readonly Connection[]): string[] {
  return servers.filter(({ signIn }) => signIn).map(({ name, clientId }) => `${name}: the client opens a page to sign in${
    clientId === undefined ? '' : `; where it asks for a client id: ${clientId} (there is no secret)`}`);
}

function entries(file: ConfigurationFile, servers: readonly Connection[]): Record<string, object> {
  return Object.fromEntries(servers.map(({ name, url }) => [name, file.entry(url)]));
}

/**
 * Writes servers into the configuration file of a client. All else in it stays.
 *
 * @returns what was done
 * @throws CliError when the file cannot be understood
 */
export function writeConfiguration(client: Client, root: string, servers: readonly Connection[]): string {
  const file = configurationFile(client, root);
  if (!file) return `${CLIENTS[client]} has no file of servers: ${describe(client, root, servers).text}`;
  const before = existsSync(file.path) ? parse(file.path) : {};
  const known = before[file.key] ?? {};
  if (typeof known !== 'object' || Array.isArray(known)) throw new CliError(`"${file.key}" in ${file.path} is not an object; nothing was written`);
  const after = { ...before, [file.key]: { ...known, ...entries(file, servers) } };
  mkdirSync(dirname(file.path), { recursive: true });
  const draft = `${file.path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(after, undefined, 2)}\n`);
  renameSync(draft, file.path);
  return `${CLIENTS[client]}: wrote ${servers.map(({ name }) => name).join(', ')} to ${file.path}`;
}

function parse(path: string): Record<string, object> {
  const text = readFileSync(path, 'utf-8');
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, object>;
  } catch {
    // Comments, for example: writing would lose them.
  }
  throw new CliError(`${path} is not plain JSON; nothing was written`, { hint: 'add the entry by hand: run the same command without --write' });
}
