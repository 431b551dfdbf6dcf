import type { Project } from '../project/project';
import { chooseServers, type DeployedServer } from '../stack/servers';
import { deployedStack } from '../stack/stack';
import { CliError } from '../util/errors';

/** A deployed server that people sign in to. */
export interface ProtectedServer {
  readonly name: string;
  readonly url: string;

  /** Client id for clients that do not register themselves. */
  readonly clientId?: string;

  /** The authorization server. */
  readonly issuer?: string;

  /** The user pool, where it is one of Amazon Cognito. */
  readonly userPoolId?: string;
}

/** A server's sign-in, as its outputs tell it; nothing where nobody signs in. */
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
 * The one server of a stage that people sign in to, and that a command is about.
 *
 * @param wanted which of several servers a command can be about
 * @throws CliError when there is none, or more than one
 */
export async function findProtectedServer(
  project: Project, name?: string, wanted: (server: ProtectedServer) => boolean = () => true,
): Promise<ProtectedServer> {
  const stack = await deployedStack(project);
  const servers = chooseServers(stack, name).map(protectedServer).filter((server) => server !== undefined).filter(wanted);
  if (servers.length === 1) return servers[0];
  if (servers.length > 1) throw new CliError(`stack ${stack.name} has several servers: ${servers.map((server) => server.name).join(', ')}`, { hint: 'name one with --server' });
  const modes = chooseServers(stack, name).map(({ outputs }) => outputs.get('McpAuth') ?? 'unknown');
  throw new CliError(`${name ?? `stack ${stack.name}`} has no server that people sign in to in this way: its [auth] is ${modes.join(', ')}`, {
    hint: 'see [auth] in .pmcp/deploy.toml; what is changed there takes effect with the next deployment',
  });
}
