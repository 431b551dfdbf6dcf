import type { Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';

export function register(program: Command): void {
  const command = program.command('diff').description('show the changes that a deployment makes');
  examples(stageOptions(command), ['pmcp-deploy diff --stage prod', 'compare prod with its deployed stack']);
  command.action(async (options: StageOptions) => {
    const { showDifferences } = await import('../../deploy/diff');
    await showDifferences(await openProject(options));
  });
}
