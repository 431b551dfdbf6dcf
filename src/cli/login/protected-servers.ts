import type { Project } from '../project/project';
import { chooseServers, severalServers, type DeployedServer } from '../stack/deployed-servers';
import { deployedStack } from '../stack/stack';
import { CliError } from '../util/errors';

/** A deployed server that users sign in to. */
export interface ProtectedServer {
  readonly name: string;
  readonly url: string;

  /** Id of the client for MCP clients that do not register themselves. */
  readonly clientId?: string;

  /** The authorization server. */
  readonly issuer?: string;

  /** The user pool, with Amazon Cognito. */
  readonly userPoolId?: string;
}

/** The sign-in of a server, from its outputs. The result is undefined if users do not sign in to it. */
export function protectedServer({ prefix, outputs }: DeployedServer): ProtectedServer | undefined {
  const url = outputs.get('McpUrl');
  const mode = outputs.get('McpAuth');
  if (url === undefined || (mode !== 'cognito' && mode !== 'jwt')) return undefined;
  return {
    name: prefix,
    url,
    clientId: outputs.get('McpClientId'),
    issuer: outputs.get('McpIssuer'),
    userPoolId: outputs.get('McpUserPoolId'),
  };
}

/**
 * The one server of a stage that users sign in to.
 *
 * @param isCandidate false for servers that the command cannot use
 * @throws CliError unless there is exactly one
 */
export async function findProtectedServer(
  project: Project, name?: string, isCandidate: (server: ProtectedServer) => boolean = () => true,
): Promise<ProtectedServer> {
  const stack = await deployedStack(project);
  const servers = chooseServers(stack, name).map(protectedServer).filter((server) => server !== undefined).filter(isCandidate);
  if (servers.length === 1) return servers[0];
  if (servers.length > 1) throw severalServers(stack, servers.map((server) => server.name));
  const modes = chooseServers(stack, name).map(({ outputs }) => outputs.get('McpAuth') ?? 'unknown');
  throw new CliError(`${name ?? `stack ${stack.name}`} has no server with this kind of sign-in: its [auth] is ${modes.join(', ')}`, {
    hint: 'see [auth] in .pmcp/deploy.toml; a change takes effect with the next deployment',
  });
}
