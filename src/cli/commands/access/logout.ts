import type { Command } from 'commander';
import { targetOf, type TargetOptions } from './login';
import { examples, stageOptions } from '../../util/options';
import { webUrl } from '../../util/secure-url';
import { success } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('logout')
    .description('forget the tokens of "login", and revoke them where the issuer lets us')
    .argument('[url]', 'URL of an MCP endpoint; without it, what is deployed')
    .option('--server <name>', 'the server, where several are protected');
  examples(stageOptions(command), ['pmcp-deploy logout', 'of what is deployed']);
  command.action(async (url: string | undefined, options: TargetOptions) => {
    const { signOut } = await import('../../login/sign-out');
    // Tokens of an address that is refused by now can be forgotten still: it gets nothing.
    const target = await targetOf(url, options, webUrl);
    success(await signOut(target.url) ? `signed out of ${target.url}` : `nobody was signed in to ${target.url}`);
  });
}
