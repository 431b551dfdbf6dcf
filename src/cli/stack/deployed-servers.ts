import type { Output, StackState } from './stack';
import { OutputName, outputPrefix } from '../../private/outputs';
import { oneLine } from '../../util/text/visible';
import { CliError } from '../util/errors';

/** The MCP URL of a server. */
export interface McpUrl extends Output {
  /** The prefix of the server's output names. */
  readonly prefix: string;
}

/** The MCP URLs of a stack: one for each server. */
export function mcpUrls(stack: StackState): readonly McpUrl[] {
  // A URL goes into lines of text and into commands: characters that a URL cannot contain are encoded.
  return withName(stack, OutputName.URL)
    .map((output) => ({ ...output, value: URL.canParse(output.value) ? new URL(output.value).href : oneLine(output.value) }));
}

/** A server of a stack. */
export interface DeployedServer {
  /** The prefix of its output names. */
  readonly prefix: string;

  /** Its outputs, by their names without the prefix. */
  readonly outputs: ReadonlyMap<OutputName, string>;
}

/** The servers of a stack. */
export function serversOf(stack: StackState): DeployedServer[] {
  const prefixes = withName(stack, OutputName.FUNCTION_NAME).map(({ prefix }) => prefix);
  return prefixes.map((prefix) => {
    // "maps" must not get the outputs of "mapsearch".
    const longer = prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
    const own = stack.outputs.filter(({ key }) => key.startsWith(prefix) && !longer.some((other) => key.startsWith(other)));
    return { prefix, outputs: new Map(own.map(({ key, value }) => [key.slice(prefix.length) as OutputName, value])) };
  });
}

/**
 * The server with a name, or all servers of a stack without one.
 *
 * @throws CliError if the stack has no such server
 */
export function chooseServers(stack: StackState, name?: string): DeployedServer[] {
  return name === undefined ? serversOf(stack) : [chooseByName(stack, serversOf(stack), name)];
}

/** The function of a server. */
export interface DeployedFunction {
  /** The prefix of the server's output names. */
  readonly prefix: string;
  readonly name: string;

  /** The version that the latest deployment published. */
  readonly deployed: string;
}

/** The functions of a stack that have versions. */
export function functionsOf(stack: StackState): DeployedFunction[] {
  return serversOf(stack).flatMap(({ prefix, outputs }) => {
    const name = outputs.get(OutputName.FUNCTION_NAME);
    const deployed = outputs.get(OutputName.FUNCTION_VERSION);
    return name === undefined || deployed === undefined ? [] : [{ prefix, name, deployed }];
  });
}

/**
 * The function of the server with a name, or of the only server without one.
 *
 * @throws CliError if the stack has no such server, or several and no name is given
 */
export function chooseFunction(stack: StackState, serverName?: string): DeployedFunction {
  const functions = functionsOf(stack);
  if (functions.length === 0) {
    throw new CliError(`stack ${stack.name} has no versions to go back to: it was deployed before this tool kept any`, {
      hint: 'deploy it again',
    });
  }
  if (serverName !== undefined) return chooseByName(stack, functions, serverName);
  if (functions.length > 1) throw severalServers(stack, functions.map(({ prefix }) => prefix));
  return functions[0];
}

/** @throws CliError if none has the name */
export function chooseByName<T extends { readonly prefix: string }>(stack: StackState, servers: readonly T[], name: string): T {
  const chosen = servers.find(({ prefix }) => prefix === outputPrefix(name));
  if (chosen) return chosen;
  const known = servers.map(({ prefix }) => prefix).join(', ') || 'none';
  throw new CliError(`stack ${stack.name} has no server ${JSON.stringify(name)}: it has ${known}`);
}

/** The error of a command that needs one server and finds several. */
export function severalServers(stack: StackState, names: readonly string[]): CliError {
  return new CliError(`stack ${stack.name} has several servers: ${names.join(', ')}`, {
    hint: 'choose one with --server',
  });
}

function withName(stack: StackState, name: OutputName): McpUrl[] {
  return stack.outputs.filter(({ key }) => key.endsWith(name)).map((output) => ({ ...output, prefix: output.key.slice(0, -name.length) }));
}
