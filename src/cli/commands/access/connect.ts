import { Argument, type Command } from 'commander';
import { MCP_CLIENTS, type McpClientName } from '../../connect/mcp-clients';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { note, print, success } from '../../util/terminal';

interface ConnectOptions extends StageOptions {
  readonly write?: boolean;
  readonly name?: string;
}

export function register(program: Command): void {
  const command = program.command('connect')
    .description('print or write the configuration of an MCP client for the deployed server')
    .addArgument(new Argument('[client]', 'MCP client (default: all)').choices(Object.keys(MCP_CLIENTS)))
    .option('--write', 'add the server to the configuration file of the client')
    .option('--name <name>', 'name of the server in the client (default: its own name and stage)');
  examples(stageOptions(command),
    ['pmcp-deploy connect', 'print the configuration of all clients'],
    ['pmcp-deploy connect cursor --write', 'add the server to .cursor/mcp.json of this project'],
    ['pmcp-deploy connect inspector --local', 'print the command that opens the MCP Inspector']);
  command.action(async (client: McpClientName | undefined, options: ConnectOptions) => {
    const { findConnections, describeSetup, signInAdvice, writeConfiguration } = await import('../../connect/connect');
    const project = await openProject(options);
    const servers = await findConnections(project, options.name);
    const clients = client ? [client] : Object.keys(MCP_CLIENTS) as McpClientName[];
    for (const each of clients) {
      if (options.write) {
        success(writeConfiguration(each, project.root, servers));
        continue;
      }
      const { heading, text } = describeSetup(each, project.root, servers);
      note(heading);
      print(text);
      note();
    }
    signInAdvice(servers).forEach((line) => note(line));
  });
}
