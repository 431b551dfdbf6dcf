import type { Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { printJson } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('outputs')
    .description('show the stack outputs of the deployed server')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy outputs', 'show the URL, the function, the log group and more'],
    ['pmcp-deploy outputs --json | jq -r .outputs.ServerMcpUrl', 'print the URL, for a script']);
  command.action(async (options: StageOptions & { readonly json?: boolean }) => {
    const { deployedStack } = await import('../../stack/stack');
    const { outputsJson, printOutputs } = await import('../../stack/outputs');
    const project = await openProject(options);
    const stack = await deployedStack(project);
    if (options.json) printJson(outputsJson(stack, project.stage, project.region));
    else await printOutputs(stack);
  });
}
