import { Argument, type Command } from 'commander';
import { examples } from '../../util/options';
import { print } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('completion')
    .description('print a shell completion script')
    .addArgument(new Argument('<shell>', 'shell').choices(['bash', 'zsh', 'fish']));
  examples(command,
    ['npx pmcp-deploy completion bash > ~/.local/share/bash-completion/completions/pmcp-deploy', 'install it for bash'],
    ['npx pmcp-deploy completion zsh > "${fpath[1]}/_pmcp-deploy"', 'install it for zsh, before compinit runs'],
    ['npx pmcp-deploy completion fish > ~/.config/fish/completions/pmcp-deploy.fish', 'install it for fish']);
  command.addHelpText('after', [
    '',
    'Shells complete programs by name. If you use npx, define this function in ~/.bashrc or ~/.zshrc, or an alias in',
    '~/.config/fish/config.fish:',
    '  pmcp-deploy() { npx pmcp-deploy "$@"; }',
  ].join('\n'));
  command.action(async (shell: 'bash' | 'zsh' | 'fish') => {
    const { completionScript } = await import('../../completion/completion');
    print(completionScript(program, shell));
  });
}
