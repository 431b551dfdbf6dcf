import type { Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { print, step } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('synth').description('build the server and synthesize the CloudFormation template, without deploying it');
  examples(stageOptions(command), ['pmcp-deploy synth --stage prod', 'print the path of the template of prod']);
  command.action(async (options: StageOptions) => {
    const { synthesize } = await import('../../project/assembly');
    const { ensureTools } = await import('../../project/tools');
    const project = await openProject(options);
    await step('Tools', async ({ say }) => ensureTools(project, say));
    const { template } = await step('Build', async () => synthesize(project), { live: true });
    print(template);
  });
}
