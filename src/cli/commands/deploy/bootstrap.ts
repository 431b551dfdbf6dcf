import type { Command } from 'commander';
import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { Interrupted } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { confirm, step, success } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('bootstrap')
    .description('prepare the account and region of a stage for CDK deployments, once')
    .option('-y, --yes', 'do not ask');
  examples(stageOptions(command),
    ['pmcp-deploy bootstrap', 'for the default stage, after asking'],
    ['pmcp-deploy bootstrap --stage prod --yes', 'without asking, for scripts']);
  command.action(async (options: StageOptions & { readonly yes?: boolean }) => {
    const { bootstrapVersion, callerAccount } = await import('../../deploy/preflight');
    const { bootstrap, environmentOf, isBootstrapped } = await import('../../deploy/bootstrap');
    const project = await openProject(options);
    const { account, version } = await step('AWS', async () => ({ account: await callerAccount(project), version: await bootstrapVersion(project) }));
    const environment = environmentOf(project, account);
    if (isBootstrapped(version)) {
      success(`${environment} is bootstrapped: version ${version}`);
      return;
    }
    if (!options.yes) {
      const sure = await confirm(`Bootstrap ${environment}? This makes a stack CDKToolkit with a bucket, a repository and roles.`,
        `bootstrap asks before it makes anything, and there is no terminal to ask on: run "npx pmcp-deploy bootstrap${stageFlags(project)} --yes"`);
      if (!sure) throw new Interrupted('nothing was made');
    }
    await bootstrap(project, account);
    success(`${environment} is bootstrapped`);
  });
}
