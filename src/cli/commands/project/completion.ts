import { Argument, type Command } from 'commander';
import { examples } from '../../util/options';
import { print } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']));
  examples(command,
    ['npx pmcp-deploy completion bash > ~/.local/share/bash-completion/completions/pmcp-deploy', 'bash'],
    ['npx pmcp-deploy completion zsh > "${fpath[1]}/_pmcp-deploy"', 'zsh, before compinit'],
    ['npx pmcp-deploy completion fish > ~/.config/fish/completions/pmcp-deploy.fish', 'fish']);
  command.addHelpText('after', [
    '',
    'Shells complete by the name of a program. Where npx starts it, give it one, in ~/.bashrc, ~/.zshrc or, with "alias", ~/.config/fish/config.fish:',
    '  pmcp-deploy() { npx pmcp-deploy "$@"; }',
  ].join('\n'));
  command.action(async (shell: 'bash' | 'zsh' | 'fish') => {
    const { completionScript } = await import('../../completion/completion');
    print(completionScript(program, shell));
  });
}
