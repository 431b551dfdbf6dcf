import type { StackState } from './stack';
import { CliError } from '../util/errors';

/** The outputs of one server of a stack, by their names without the prefix. */
export interface DeployedServer {
  /** What the names of its outputs begin with: the server's name in letters and digits. */
  readonly prefix: string;
  readonly outputs: ReadonlyMap<string, string>;
}

const MARK = 'FunctionName';

/** The servers of a stack. */
export function serversOf(stack: StackState): DeployedServer[] {
  const prefixes = stack.outputs.filter(({ key }) => key.endsWith(MARK)).map(({ key }) => key.slice(0, -MARK.length));
  return prefixes.map((prefix) => {
    // "maps" must not get what belongs to "mapsearch".
    const others = prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
    const own = stack.outputs.filter(({ key }) => key.startsWith(prefix) && !others.some((other) => key.startsWith(other)));
    return { prefix, outputs: new Map(own.map(({ key, value }) => [key.slice(prefix.length), value])) };
  });
}

/**
 * The servers that are meant: the named one, or all.
 *
 * @throws CliError when there is no such server
 */
export function chooseServers(stack: StackState, name?: string): DeployedServer[] {
  const servers = serversOf(stack);
  if (name === undefined) return servers;
  const prefix = name.replace(/[^A-Za-z0-9]/g, '');
  const chosen = servers.filter((server) => server.prefix === prefix);
  if (chosen.length === 0) {
    throw new CliError(`stack ${stack.name} has no server ${JSON.stringify(name)}: it has ${servers.map((server) => server.prefix).join(', ') || 'none'}`);
  }
  return chosen;
}
