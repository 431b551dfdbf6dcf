import type { Command } from 'commander';
import type { MetricsOptions } from '../../metrics/metrics';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';

export function register(program: Command): void {
  const command = program.command('metrics')
    .description('show traffic, errors, durations, cold starts and the cost of what is deployed')
    .option('-p, --period <span>', 'how far to look back: 30m, 6h, 7d', '1h')
    .option('-w, --watch [interval]', 'look again every 30 seconds, or as often as you say')
    .option('--server <name>', 'one server of several (default: all)')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy metrics', 'the last hour'],
    ['pmcp-deploy metrics --period 7d --stage prod', 'the last week of prod'],
    ['pmcp-deploy metrics --json | jq .servers[0].measures.errors.total', 'a number for a script']);
  command.action(async (options: StageOptions & MetricsOptions) => {
    const { deployedStack } = await import('../../stack/stack');
    const { showMetrics } = await import('../../metrics/metrics');
    const project = await openProject(options);
    await showMetrics(project, await deployedStack(project), options);
  });
}
