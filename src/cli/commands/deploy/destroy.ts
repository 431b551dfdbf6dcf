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
    .description('delete what is deployed, log groups included, and wait until it is gone')
    .option('-y, --yes', 'do not ask')
    .option('--keep-logs', 'keep the log groups that the CDK app tells CloudFormation to retain');
  examples(stageOptions(command),
    ['pmcp-deploy destroy', 'the default stage, after asking'],
    ['pmcp-deploy destroy --stage dev --yes', 'without asking, for scripts'],
    ['pmcp-deploy destroy --keep-logs', 'log groups with RemovalPolicy.RETAIN stay']);
  command.action(async (options: DestroyOptions) => {
    const { assertOwned, findStack, place } = await import('../../stack/stack');
    const { deleteLogGroups, deleteStack, lambdaLogGroupsOf, logGroupsOf, retained } = await import('../../deploy/destroy');
    const { resourcesOf } = await import('../../stack/resources');
    const project = await openProject(options);
    const stack = await findStack(project);
    if (!stack) {
      success(`nothing to delete: there is no stack ${project.stackName} in ${place(project)}`);
      return;
    }
    assertOwned(stack, project);
    const resources = await resourcesOf(project, stack);
    const logGroups = logGroupsOf(resources);
    const logsGo = options.keepLogs ? 'what the CDK app retains of them is kept' : 'they are deleted too, also where the CDK app retains them (--keep-logs keeps those)';
    if (!options.yes) {
      note(`stack ${stack.name} in ${place(project)} has ${resources.length} resources`);
      if (logGroups.length > 0) note(`  and logs in ${logGroups.join(', ')}: ${logsGo}`);
      const sure = await confirm(`Delete ${project.serverName}, stage ${project.stage}?`, `destroy asks before it deletes, and there is no terminal to ask on: run "npx pmcp-deploy destroy${stageFlags(project)} --yes"`);
      if (!sure) throw new Interrupted('nothing was deleted');
    }
    await step(`Delete stack ${stack.name}`, async (handle) => deleteStack(project, stack, handle));
    const deleted = await step('Delete log groups', async ({ say }) => {
      const names = await deleteLogGroups(project, stack.name, [...new Set([...options.keepLogs ? [] : logGroups, ...lambdaLogGroupsOf(resources)])]);
      if (names.length > 0) say(names.join(', '));
      return names;
    });
    const kept = (await retained(project, stack)).filter(({ PhysicalResourceId: id = '' }) => !deleted.includes(id));
    for (const { ResourceType, PhysicalResourceId } of kept) warn(`${ResourceType} ${PhysicalResourceId} is kept, as the CDK app wants it; delete it yourself where it is not needed`);
    success(`${project.serverName}, stage ${project.stage}, is gone`);
  });
}
