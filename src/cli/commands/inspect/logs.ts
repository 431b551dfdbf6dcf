import { Option, type Command } from 'commander';
import type { LogsOptions } from '../../logs/logs';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { endWithReader } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('logs')
    .description('show or follow the logs of the deployed server')
    .option('-t, --tail', 'follow the logs until Ctrl-C')
    .option('--since <when>', 'start: 30m, 2h, 7d, or a date (default: 10m, or now with --tail)')
    .option('--until <when>', 'end (default: now)')
    .option('--filter <pattern>', "CloudWatch filter pattern, such as 'timeout' or '{ $.level = \"ERROR\" }'")
    .addOption(new Option('--level <level>', 'lowest level to show').choices(['trace', 'debug', 'info', 'warn', 'error']))
    .option('--request-id <id>', 'only the lines of one request, by its id at Lambda or at the HTTP API (the header apigw-requestid)')
    .addOption(new Option('--source <source>', 'function logs or access logs of the HTTP API (default: function, or all with --request-id)')
      .choices(['function', 'access', 'all']))
    .option('--server <name>', 'server to show, if the stack has several (default: all)')
    .option('--poll', 'with --tail: poll every second instead of using Live Tail, which costs $0.01 per minute after 30 free hours a month')
    .option('--json', 'print JSON, one object per line');
  examples(stageOptions(command),
    ['pmcp-deploy logs --tail', 'follow the logs of the server'],
    ['pmcp-deploy logs --since 2h --level warn', 'show recent warnings and errors'],
    ['pmcp-deploy logs --source access --json | jq .fields', 'show the requests to the HTTP API']);
  command.action(async (options: StageOptions & LogsOptions) => {
    const { deployedStack } = await import('../../stack/stack');
    const { showLogs } = await import('../../logs/logs');
    const project = await openProject(options);
    // End when the reader of a pipe, such as "head", ends.
    endWithReader();
    await showLogs(project, await deployedStack(project), options);
  });
}
