import type { Command } from 'commander';
import { examples, verboseOption } from '../../util/options';
import { printJson, printTable, warn } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('stages')
    .description('list the stages of deploy.toml, and what is deployed in each')
    .option('--local', 'use the local AWS (see "pmcp-deploy local") instead of the real one')
    .option('--json', 'print JSON');
  examples(verboseOption(command), ['pmcp-deploy stages', 'list the stages'], ['pmcp-deploy stages --json', 'list them for a script']);
  command.action(async ({ local, json }: { readonly local?: boolean; readonly json?: boolean }) => {
    const { readStages } = await import('../../stack/stages');
    const stages = await readStages(local === true);
    if (json) {
      printJson(stages);
      return;
    }
    await printTable(
      stages.map(({ stage, stack, region, account = '-', status, urls }) => [stage, stack, region, account, status, urls.join(' ') || '-']),
      ['STAGE', 'STACK', 'REGION', 'ACCOUNT', 'STATUS', 'MCP URL'],
    );
    for (const problem of new Set(stages.flatMap(({ problem: text }) => text ?? []))) warn(problem);
  });
}
