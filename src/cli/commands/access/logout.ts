import type { Command } from 'commander';
import { findSignInTarget, type SignInTargetOptions } from './sign-in-target';
import { examples, stageOptions } from '../../util/options';
import { webUrl } from '../../util/secure-url';
import { success } from '../../util/terminal';

export function register(program: Command): void {
  const command = program.command('logout')
    .description('delete the tokens of "login", and revoke them if the issuer supports it')
    .argument('[url]', 'URL of an MCP endpoint (default: the deployed server)')
    .option('--server <name>', 'server to sign out of, if several are protected');
  examples(stageOptions(command), ['pmcp-deploy logout', 'sign out of the deployed server']);
  command.action(async (url: string | undefined, options: SignInTargetOptions) => {
    const { signOut } = await import('../../login/sign-out');
    // Not secureUrl: tokens of a URL that is refused by now can still be deleted, because nothing is sent to the URL.
    const target = await findSignInTarget(url, options, webUrl);
    success(await signOut(target.url) ? `signed out of ${target.url}` : `there were no tokens of ${target.url}`);
  });
}
