import type { Command } from 'commander';
import { Interrupted } from '../errors';
import { examples, stageOptions } from '../options';
import { openProject, sameStage, type StageOptions } from '../project';
import { confirm, note, step, success } from '../terminal';

export function register(program: Command): void {
  const command = program.command('destroy')
    .description('delete what is deployed, log groups included, and wait until it is gone')
    .option('-y, --yes', 'do not ask');
  examples(stageOptions(command),
    ['pmcp-deploy destroy', 'the default stage, after asking'],
    ['pmcp-deploy destroy --stage dev --yes', 'without asking, for scripts']);
  command.action(async (options: StageOptions & { readonly yes?: boolean }) => {
    const { assertOwned, findStack, place } = await import('../stack');
    const { deleteLogGroups, deleteStack, logGroupsOf, resourcesOf } = await import('../destruction');
    const project = await openProject(options);
    const stack = await findStack(project);
    if (!stack) {
      success(`nothing to delete: there is no stack ${project.stackName} in ${place(project)}`);
      return;
    }
    assertOwned(stack, project);
    const resources = await resourcesOf(project, stack);
    if (!options.yes) {
      note(`stack ${stack.name} in ${place(project)} has ${resources.length} resources`);
      const sure = await confirm(`Delete ${project.serverName}, stage ${project.stage}?`, `destroy asks before it deletes, and there is no terminal to ask on: run "npx pmcp-deploy destroy${sameStage(project)} --yes"`);
      if (!sure) throw new Interrupted('nothing was deleted');
    }
    await step(`Delete stack ${stack.name}`, async (handle) => deleteStack(project, stack, handle));
    await step('Delete log groups', async ({ say }) => {
      const deleted = await deleteLogGroups(project, stack.name, logGroupsOf(resources));
      if (deleted.length > 0) say(deleted.join(', '));
    });
    success(`${project.serverName}, stage ${project.stage}, is gone`);
  });
}
