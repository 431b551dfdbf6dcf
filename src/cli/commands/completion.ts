import { Argument, type Command } from 'commander';
import { examples } from '../options';
import { print } from '../terminal';

export function register(program: Command): void {
  const command = program.command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']));
  examples(command,
    ['source <(pmcp-deploy completion bash)', 'in ~/.bashrc'],
    ['source <(pmcp-deploy completion zsh)', 'in ~/.zshrc, after compinit'],
    ['pmcp-deploy completion fish | source', 'in ~/.config/fish/config.fish']);
  command.action(async (shell: 'bash' | 'zsh' | 'fish') => {
    const { completionScript } = await import('../completion');
    print(completionScript(program, shell));
  });
}
