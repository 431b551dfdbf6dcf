import type { Command } from 'commander';
import type { MetricsOptions } from '../../metrics/metrics';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';

export function register(program: Command): void {
  const command = program.command('metrics')
    .description('show the traffic, errors, durations, cold starts and cost of the deployed server')
    .option('-p, --period <span>', 'time to look back: 30m, 6h, 7d', '1h')
    .option('-w, --watch [interval]', 'refresh every 30 seconds, or at another interval such as 10s')
    .option('--server <name>', 'server to show, if the stack has several (default: all)')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy metrics', 'show the last hour'],
    ['pmcp-deploy metrics --period 7d --stage prod', 'show the last week of prod'],
    ['pmcp-deploy metrics --json | jq .servers[0].measures.errors.total', 'print one number, for a script']);
  command.action(async (options: StageOptions & MetricsOptions) => {
    const { deployedStack } = await import('../../stack/stack');
    const { showMetrics } = await import('../../metrics/metrics');
    const project = await openProject(options);
    await showMetrics(project, await deployedStack(project), options);
  });
}
