import { Option, type Command } from 'commander';
import type { DeploymentOptions } from '../../deploy/deploy';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { note, step } from '../../util/terminal';

interface DeployOptions extends StageOptions, DeploymentOptions {
  readonly dryRun?: boolean;
}

export function register(program: Command): void {
  const command = program.command('deploy')
    .description('build the server and deploy it to AWS')
    .option('-n, --dry-run', 'show what would change, and change nothing')
    .option('-y, --yes', 'do not ask: bootstrap and clean up where that is needed')
    .option('--hotswap', 'change code only, past CloudFormation where that can be done; for development')
    .option('--no-tests', 'do not run the tests of [post_deploy_tests] afterwards')
    .addOption(new Option('--on-failure <what>', 'what becomes of a deployment that fails').choices(['rollback', 'keep']).default('rollback'));
  examples(stageOptions(command),
    ['pmcp-deploy deploy', 'the default stage'],
    ['pmcp-deploy deploy --stage prod', 'the stage in [stages.prod] of deploy.toml'],
    ['pmcp-deploy deploy --dry-run', 'what a deployment would change']);
  command.action(async (options: DeployOptions) => {
    const { deployStage } = await import('../../deploy/deploy');
    const { showDifferences } = await import('../../deploy/diff');
    const { printOutputs, printUrls } = await import('../../stack/outputs');
    const project = await step('Configuration', async ({ say }) => {
      const opened = await openProject(options);
      say(`${opened.serverName}, stage ${opened.stage}, ${opened.region}`);
      return opened;
    });
    if (options.dryRun) {
      await showDifferences(project);
      return;
    }
    const stack = await deployStage(project, options);
    note();
    await printOutputs(stack);
    note();
    printUrls(stack);
  });
}
