import type { Command } from 'commander';
import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { Interrupted } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { confirm, step, success } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('bootstrap')
    .description('prepare the AWS account and region of a stage for CDK deployments (needed once)')
    .option('-y, --yes', 'do not ask for confirmation');
  examples(stageOptions(command),
    ['pmcp-deploy bootstrap', 'bootstrap for the default stage, after a confirmation'],
    ['pmcp-deploy bootstrap --stage prod --yes', 'without a confirmation, for scripts']);
  command.action(async (options: StageOptions & { readonly yes?: boolean }) => {
    const { callerAccount } = await import('../../deploy/preflight');
    const { bootstrap, environmentOf, isBootstrapped, readBootstrapVersion } = await import('../../deploy/bootstrap');
    const project = await openProject(options);
    const { account, version } = await step('AWS', async () => ({
      account: await callerAccount(project), version: await readBootstrapVersion(project),
    }));
    const environment = environmentOf(project, account);
    if (isBootstrapped(version)) {
      success(`${environment} is already bootstrapped: version ${version}`);
      return;
    }
    if (!options.yes) {
      const question = `Bootstrap ${environment}? This creates the stack CDKToolkit with a bucket, a repository and roles.`;
      const withoutTerminal = 'bootstrap needs a confirmation, and there is no terminal to ask on:'
        + ` run "npx pmcp-deploy bootstrap${stageFlags(project)} --yes"`;
      if (!await confirm(question, withoutTerminal)) throw new Interrupted('nothing was created');
    }
    await bootstrap(project, account);
    success(`${environment} is bootstrapped`);
  });
}
