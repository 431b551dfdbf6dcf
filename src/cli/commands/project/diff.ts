import type { Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';

export function register(program: Command): void {
  const command = program.command('diff').description('show what a deployment would change');
  examples(stageOptions(command), ['pmcp-deploy diff --stage prod', 'compare with what is deployed as prod']);
  command.action(async (options: StageOptions) => {
    const { showDifferences } = await import('../../deploy/diff');
    await showDifferences(await openProject(options));
  });
}
