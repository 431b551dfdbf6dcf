import type { Command } from 'commander';
import { openProject, type StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';
import { printJson } from '../../util/terminal';

interface StatusOptions extends StageOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program.command('status')
    .description('show the stack of a stage, its last change, and why that failed')
    .option('-w, --watch', 'follow the current operation until it ends')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy status --stage prod', 'show the state of prod'],
    ['pmcp-deploy status --watch', 'follow a deployment that was started elsewhere, or interrupted by Ctrl-C']);
  command.action(async (options: StatusOptions) => {
    const { followStack, printStatus, readStatus } = await import('../../stack/status');
    const project = await openProject(options);
    if (options.watch) {
      (await import('../../util/signals')).markLongRunning();
      await followStack(project);
    }
    const status = await readStatus(project);
    if (options.json) printJson(status);
    else await printStatus(status);
  });
}
