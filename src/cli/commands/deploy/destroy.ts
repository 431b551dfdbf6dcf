import type { Command } from 'commander';
import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { Interrupted } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { confirm, note, step, success, warn } from '../../util/terminal';

interface DestroyOptions extends StageOptions {
  readonly yes?: boolean;
  readonly keepLogs?: boolean;
}

export function register(program: Command): void {
  const command = program.command('destroy')
    .description('delete the deployed stack and its log groups, and wait until they are deleted')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--keep-logs', 'keep the log groups that the CDK app retains');
  examples(stageOptions(command),
    ['pmcp-deploy destroy', 'delete the default stage, after a confirmation'],
    ['pmcp-deploy destroy --stage dev --yes', 'without a confirmation, for scripts'],
    ['pmcp-deploy destroy --keep-logs', 'keep log groups with RemovalPolicy.RETAIN']);
  command.action(async (options: DestroyOptions) => {
    const { assertOwned, describeTarget, findStack } = await import('../../stack/stack');
    const { resourcesOf } = await import('../../stack/resources');
    const { deleteLogGroups, deleteStack, lambdaLogGroupsOf, logGroupsOf, retainedResources } = await import('../../deploy/destroy');
    const project = await openProject(options);
    const stack = await findStack(project);
    if (!stack) {
      success(`nothing to delete: there is no stack ${project.stackName} in ${describeTarget(project)}`);
      return;
    }
    assertOwned(stack, project);
    const resources = await resourcesOf(project, stack);
    const logGroups = logGroupsOf(resources);
    if (!options.yes) {
      note(`stack ${stack.name} in ${describeTarget(project)} has ${resources.length} resources`);
      if (logGroups.length > 0) note(`  log groups ${logGroups.join(', ')}: ${logGroupsFate(options)}`);
      const withoutTerminal = 'destroy needs a confirmation, and there is no terminal to ask on:'
        + ` run "npx pmcp-deploy destroy${stageFlags(project)} --yes"`;
      const question = `Delete ${project.serverName}, stage ${project.stage}?`;
      if (!await confirm(question, withoutTerminal)) throw new Interrupted('nothing was deleted');
    }
    await step(`Delete stack ${stack.name}`, async (handle) => deleteStack(project, stack, handle));
    const deleted = await step('Delete log groups', async ({ say }) => {
      const chosen = [...options.keepLogs ? [] : logGroups, ...lambdaLogGroupsOf(resources)];
      const names = await deleteLogGroups(project, stack.name, [...new Set(chosen)]);
      if (names.length > 0) say(names.join(', '));
      return names;
    });
    const kept = (await retainedResources(project, stack)).filter(({ PhysicalResourceId: id = '' }) => !deleted.includes(id));
    for (const { ResourceType, PhysicalResourceId } of kept) {
      warn(`${ResourceType} ${PhysicalResourceId} was kept, because the CDK app retains it; delete it yourself if you do not need it`);
    }
    success(`${project.serverName}, stage ${project.stage}, is deleted`);
  });
}

function logGroupsFate({ keepLogs }: DestroyOptions): string {
  return keepLogs
    ? 'those that the CDK app retains are kept'
    : 'they are deleted, even if the CDK app retains them (--keep-logs keeps those)';
}
