import { Option, type Command } from 'commander';
import type { LogsOptions } from '../../logs/logs';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { endWithReader } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('logs')
    .description('show the logs of what is deployed, or follow them')
    .option('-t, --tail', 'follow: show new lines as they come, until Ctrl-C')
    .option('--since <when>', 'first time: 30m, 2h, 7d, or a date (default: 10m; with --tail: now)')
    .option('--until <when>', 'last time (default: now)')
    .option('--filter <pattern>', "CloudWatch's filter pattern, such as 'timeout' or '{ $.level = \"ERROR\" }'")
    .addOption(new Option('--level <level>', 'least level').choices(['trace', 'debug', 'info', 'warn', 'error']))
    .option('--request-id <id>', "only the lines of one request, by Lambda's id or the gateway's (the header apigw-requestid)")
    .addOption(new Option('--source <source>', 'what the function writes, or what the API gateway does (default: function; all with --request-id)').choices(['function', 'access', 'all']))
    .option('--server <name>', 'one server of several (default: all)')
    .option('--poll', 'with --tail: search each second instead of Live Tail, which costs a cent a minute beyond the free 30 hours a month')
    .option('--json', 'print a line of JSON for each');
  examples(stageOptions(command),
    ['pmcp-deploy logs --tail', 'follow the server'],
    ['pmcp-deploy logs --since 2h --level warn', 'what went wrong lately'],
    ['pmcp-deploy logs --source access --json | jq .fields', 'the requests at the gateway']);
  command.action(async (options: StageOptions & LogsOptions) => {
    const { deployedStack } = await import('../../stack/stack');
    const { showLogs } = await import('../../logs/logs');
    const project = await openProject(options);
    // The reader of a pipe may have seen enough.
    endWithReader();
    await showLogs(project, await deployedStack(project), options);
  });
}
