import type { Command } from 'commander';
import { examples, stageOptions } from '../options';
import { openProject, type StageOptions } from '../project';
import { note, step } from '../terminal';

export function register(program: Command): void {
  const command = program.command('deploy').description('build the server and deploy it to AWS');
  examples(stageOptions(command),
    ['pmcp-deploy deploy', 'the default stage'],
    ['pmcp-deploy deploy --stage prod', 'the stage in [stages.prod] of deploy.toml']);
  command.action(async (options: StageOptions) => {
    const { deployStage } = await import('../deployment');
    const { printOutputs, printUrls } = await import('../outputs');
    const project = await step('Configuration', async ({ say }) => {
      const opened = await openProject(options);
      say(`${opened.serverName}, stage ${opened.stage}, ${opened.region}`);
      return opened;
    });
    const stack = await deployStage(project);
    note();
    await printOutputs(stack);
    note();
    printUrls(stack);
  });
}
