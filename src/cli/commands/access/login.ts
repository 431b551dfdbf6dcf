import type { Command } from 'commander';
import { findSignInTarget, type SignInTarget, type SignInTargetOptions } from './sign-in-target';
import { examples, stageOptions } from '../../util/options';
import { secureUrl } from '../../util/secure-url';
import { isInteractive, note, print, success } from '../../util/terminal';

interface LoginOptions extends SignInTargetOptions {
  readonly scope?: string;
  readonly device?: boolean;
  readonly browser: boolean;
  readonly printToken?: boolean;
}

export function register(program: Command): void {
  const command = program.command('login')
    .description('sign in to a protected server, so that "test" can call it')
    .argument('[url]', 'URL of an MCP endpoint (default: the deployed server)')
    .option('--server <name>', 'server to sign in to, if several are protected')
    .option('--client-id <id>', 'OAuth client to use (default: the client of the deployment, or a newly registered one)')
    .option('--scope <scopes>', 'scopes to request, as one argument (default: the scopes that the server names); "openid" adds an ID token')
    .option('--device', 'sign in with a code on another device, if the issuer supports it')
    .option('--no-browser', 'print the URL of the sign-in page instead of opening it')
    .option('--print-token', 'print an access token, after a sign-in if needed');
  examples(stageOptions(command),
    ['pmcp-deploy login', 'open the sign-in page'],
    ['pmcp-deploy test', 'test with the token'],
    ['PMCP_DEPLOY_TOKEN=$(pmcp-deploy login --print-token) my-program', 'give the token to another program'],
    [
      'pmcp-deploy login --print-token | sed "s/^/Authorization: Bearer /" | curl -H @- …',
      'not as an argument, which other users could read',
    ])
    .addHelpText('after', [
      '',
      'The tokens are stored in a file that only you can read, and renewed when they expire. "pmcp-deploy logout" deletes them.',
    ].join('\n'));
  command.action(async (url: string | undefined, options: LoginOptions) => {
    const target = await findSignInTarget(url, options, secureUrl);
    if (options.printToken) {
      const { storedAccessToken } = await import('../../login/stored-tokens');
      print(await storedAccessToken(target.url) ?? (await signIn(target, options)).tokens!.access_token);
      return;
    }
    const { expires } = await signIn(target, options);
    success(`signed in to ${target.url}`);
    if (expires !== undefined) note(`  the token is valid until ${new Date(expires).toISOString()}`);
    note(`  try it: npx pmcp-deploy test${target.flags}`);
  });
}

async function signIn({ url, clientId, issuer }: SignInTarget, options: LoginOptions) {
  const { scope } = options;
  if (options.device) return (await import('../../login/device-sign-in')).signInWithDevice(url, { clientId, issuer, scope });
  const { signInWithBrowser } = await import('../../login/browser-sign-in');
  return signInWithBrowser(url, { clientId, issuer, scope, browser: options.browser && isInteractive() });
}
