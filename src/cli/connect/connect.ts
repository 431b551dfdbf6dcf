import { homedir } from 'node:os';
import { join } from 'node:path';
import { addToConfiguration } from './configuration-file';
import { MCP_CLIENTS, type McpClientName } from './mcp-clients';
import { protectedServer } from '../login/protected-servers';
import type { Project } from '../project/project';
import { mcpUrls, serversOf } from '../stack/deployed-servers';
import { deployedStack } from '../stack/stack';
import { CliError } from '../util/errors';
import { NPX_PACKAGES } from '../util/npx-packages';

/** A server in the configuration of a client. */
export interface Connection {
  readonly name: string;
  readonly url: string;

  /** If true, users sign in. */
  readonly signIn?: boolean;

  /** Id of the client for MCP clients that do not register themselves. */
  readonly clientId?: string;
}

/**
 * Callback ports and address of clients in which they can be configured. The OAuth client of a deployment allows these; Amazon Cognito
 * compares the port too. The port of Claude Code is one of "pmcp-deploy login".
 */
const CLAUDE_CODE_PORT = 14615;
const MCP_REMOTE_PORT = 3334;
const INSPECTOR_CALLBACK = 'http://localhost:6274/oauth/callback';

/** The file with the servers of a client. */
interface ConfigurationFile {
  readonly path: string;

  /** The key of the servers. */
  readonly key: string;

  /** The entry of a server. */
  readonly entry: (server: Connection) => object;
}

/** The servers of a stage. A single one is named after the server and the stage, several have names of their own. */
export async function findConnections(project: Project, name?: string): Promise<Connection[]> {
  const stack = await deployedStack(project);
  const urls = mcpUrls(stack);
  const protectedServers = serversOf(stack).map(protectedServer).filter((server) => server !== undefined);
  if (urls.length === 0) {
    throw new CliError(`stack ${project.stackName} has no output that ends with "McpUrl"`, {
      hint: 'deploy again with this version of pmcp-deploy',
    });
  }
  const suffix = [project.stage === 'default' ? '' : `-${project.stage}`, project.local ? '-local' : ''].join('');
  return urls.map(({ prefix, value }) => {
    const own = urls.length === 1 ? project.serverName : prefix;
    const signIn = protectedServers.find(({ url }) => url === value);
    return {
      name: name ? (urls.length === 1 ? name : `${name}-${own}`) : `${own}${suffix}`,
      url: value,
      signIn: signIn !== undefined,
      clientId: signIn?.clientId,
    };
  });
}

/** The configuration file of a client. Undefined for a client that is started with the URL. */
function configurationFile(client: McpClientName, root: string): ConfigurationFile | undefined {
  switch (client) {
    case 'claude-code':
      return { path: join(root, '.mcp.json'), key: 'mcpServers', entry: claudeCodeEntry };
    case 'claude-desktop':
      return { path: claudeDesktopFile(), key: 'mcpServers', entry: (server) => ({ command: 'npx', args: remoteArguments(server) }) };
    case 'cursor':
      return { path: join(root, '.cursor', 'mcp.json'), key: 'mcpServers', entry: ({ url }) => ({ url }) };
    case 'vscode':
      return { path: join(root, '.vscode', 'mcp.json'), key: 'servers', entry: ({ url }) => ({ type: 'http', url }) };
    case 'inspector':
      return undefined;
  }
}

/** With a client id, Claude Code does not register, and its tokens are accepted even if it does not request the resource. */
function claudeCodeEntry({ url, clientId }: Connection): object {
  return { type: 'http', url, ...clientId === undefined ? {} : { oauth: { clientId, callbackPort: CLAUDE_CODE_PORT } } };
}

/** The configuration file of Claude Desktop only starts programs. mcp-remote connects it to servers over HTTP. */
function remoteArguments({ url, clientId }: Connection): string[] {
  const client = JSON.stringify({ client_id: clientId });
  return [
    '-y', NPX_PACKAGES.mcpRemote, url,
    ...clientId === undefined ? [] : [String(MCP_REMOTE_PORT), '--static-oauth-client-info', client],
    ...url.startsWith('http:') ? ['--allow-http'] : [],
  ];
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

/** Describe how to set up servers in a client. */
export function describeSetup(client: McpClientName, root: string, servers: readonly Connection[]): { heading: string; text: string } {
  const title = MCP_CLIENTS[client];
  const file = configurationFile(client, root);
  if (!file) {
    return { heading: `${title}: run`, text: servers.flatMap(inspectorLines).join('\n') };
  }
  if (client === 'claude-code') {
    return { heading: `${title}: run`, text: servers.map(claudeCodeLine).join('\n') };
  }
  return { heading: `${title}: in ${file.path}`, text: JSON.stringify({ [file.key]: entries(file, servers) }, undefined, 2) };
}

function claudeCodeLine({ name, url, clientId }: Connection): string {
  const client = clientId === undefined ? [] : ['--client-id', clientId, '--callback-port', String(CLAUDE_CODE_PORT)];
  return shellLine('claude', 'mcp', 'add', '--transport', 'http', ...client, name, url);
}

/** Commands for the Inspector's web page and its command line. Both sign in by themselves. */
function inspectorLines({ url, signIn, clientId }: Connection): string[] {
  const page = shellLine('npx', NPX_PACKAGES.inspector, '--transport', 'http', '--server-url', url);
  const client = clientId === undefined ? [] : ['--client-id', clientId, '--callback-url', INSPECTOR_CALLBACK];
  if (!signIn) return [page];
  return [page, shellLine('npx', NPX_PACKAGES.inspector, '--cli', url, '--transport', 'http', '--method', 'tools/list', ...client)];
}

/** A command to copy, quoted for a shell. */
function shellLine(...words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`)).join(' ');
}

/** What the user of a protected server needs to know. */
export function signInAdvice(servers: readonly Connection[]): string[] {
  return servers.filter(({ signIn }) => signIn).map(({ name, clientId }) => `${name}: the client opens a page to sign in${
    clientId === undefined ? '' : `; if it asks for a client id: ${clientId} (without a secret)`}`);
}

function entries(file: ConfigurationFile, servers: readonly Connection[]): Record<string, object> {
  return Object.fromEntries(servers.map((server) => [server.name, file.entry(server)]));
}

/**
 * Write servers into the configuration file of a client. The rest of the file stays as it is.
 *
 * @returns a message about what was done
 * @throws CliError if the file cannot be parsed
 */
export function writeConfiguration(client: McpClientName, root: string, servers: readonly Connection[]): string {
  const file = configurationFile(client, root);
  if (!file) return `${MCP_CLIENTS[client]} has no configuration file: ${describeSetup(client, root, servers).text}`;
  addToConfiguration(file.path, file.key, entries(file, servers));
  return `${MCP_CLIENTS[client]}: wrote ${servers.map(({ name }) => name).join(', ')} to ${file.path}`;
}
