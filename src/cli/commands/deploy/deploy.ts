import { Option, type Command } from 'commander';
import type { DeploymentOptions } from '../../deploy/deploy';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { note, step } from '../../util/terminal';

interface DeployOptions extends StageOptions, Omit<DeploymentOptions, 'assumeYes'> {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function register(program: Command): void {
  const command = program.command('deploy')
    .description('build the server and deploy it to AWS')
    .option('-n, --dry-run', 'show the changes without deploying them')
    .option('-y, --yes', 'do not ask for confirmation before a bootstrap or a cleanup')
    .option('--hotswap', 'pass --hotswap-fallback to the CDK; it deploys in full, because versions and outputs cannot be hotswapped')
    .option('--no-tests', 'skip the tests of [post_deploy_tests]')
    .addOption(new Option('--on-failure <what>', 'what to do with a failed deployment').choices(['rollback', 'keep']).default('rollback'));
  examples(stageOptions(command),
    ['pmcp-deploy deploy', 'deploy the default stage'],
    ['pmcp-deploy deploy --stage prod', 'deploy the stage in [stages.prod] of deploy.toml'],
    ['pmcp-deploy deploy --dry-run', 'show what a deployment changes']);
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
    const stack = await deployStage(project, { ...options, assumeYes: options.yes });
    note();
    await printOutputs(stack);
    note();
    printUrls(stack);
  });
}
