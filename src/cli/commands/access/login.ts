import type { Command } from 'commander';
import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { CliError } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { secureUrl } from '../../util/secure-url';
import { isInteractive, note, print, success } from '../../util/terminal';

interface LoginOptions extends TargetOptions {
  readonly scope?: string;
  readonly device?: boolean;
  readonly browser: boolean;
  readonly printToken?: boolean;
}

export function register(program: Command): void {
  const command = program.command('login')
    .description('sign in to a protected server, so that "test" can call it')
    .argument('[url]', 'URL of an MCP endpoint; without it, what is deployed')
    .option('--server <name>', 'the server, where several are protected')
    .option('--client-id <id>', 'OAuth client to sign in as (default: the one of the deployment; else, register one)')
    .option('--scope <scopes>', 'what to ask for, in one argument (default: the scopes that the server names); with openid, there is an ID token too')
    .option('--device', 'sign in on another machine, with a code, where the issuer offers that')
    .option('--no-browser', 'only tell the address of the page')
    .option('--print-token', 'print an access token, and sign in only where there is none');
  examples(stageOptions(command),
    ['pmcp-deploy login', 'opens the sign-in page'],
    ['pmcp-deploy test', 'tests with the token'],
    ['PMCP_DEPLOY_TOKEN=$(pmcp-deploy login --print-token) my-program', 'for other programs'],
    ['pmcp-deploy login --print-token | sed "s/^/Authorization: Bearer /" | curl -H @- …', 'not as an argument, which others could read'])
    .addHelpText('after', '\nThe tokens are kept in a file that only you can read, and renewed when they expire. "pmcp-deploy logout" forgets them.');
  command.action(async (url: string | undefined, options: LoginOptions) => {
    const target = await targetOf(url, options, secureUrl);
    if (options.printToken) {
      const { storedAccessToken } = await import('../../login/stored-tokens');
      print(await storedAccessToken(target.url) ?? (await signIn(target, options)).tokens!.access_token);
      return;
    }
    const { expires } = await signIn(target, options);
    success(`signed in to ${target.url}`);
    if (expires !== undefined) note(`  the token is good until ${new Date(expires).toISOString()}`);
    note(`  try it: npx pmcp-deploy test${target.again}`);
  });
}

async function signIn({ url, clientId, issuer }: Target, options: LoginOptions) {
  const { scope } = options;
  if (options.device) return (await import('../../login/device-sign-in')).signInWithDevice(url, { clientId, issuer, scope });
  const { signInWithBrowser } = await import('../../login/browser-sign-in');
  return signInWithBrowser(url, { clientId, issuer, scope, browser: options.browser && isInteractive() });
}

/** The options that choose what is signed in to. */
export interface TargetOptions extends StageOptions {
  readonly server?: string;
  readonly clientId?: string;
}

/** What is signed in to. */
export interface Target {
  readonly url: string;
  readonly clientId?: string;

  /** Its issuer, where the stack tells it. */
  readonly issuer?: string;

  /** The arguments that name it again, for advice. */
  readonly again: string;
}

/**
 * The endpoint that the arguments of a command name.
 *
 * @param check refuses URLs that are not for the command
 */
export async function targetOf(
  url: string | undefined, options: TargetOptions, check: (url: string, what: string) => string,
): Promise<Target> {
  if (url !== undefined) {
    if (options.stage !== undefined || options.local || options.server !== undefined) {
      throw new CliError('give a URL, or a stage (--stage, --local, --server), not both');
    }
    const checked = check(url, 'the URL');
    return { url: checked, clientId: options.clientId, again: ` ${checked}` };
  }
  const { findProtectedServer } = await import('../../login/protected-servers');
  const project = await openProject(options);
  const server = await findProtectedServer(project, options.server);
  const name = options.server === undefined ? '' : ` --server ${options.server}`;
  return {
    url: check(server.url, 'the URL of the server'),
    clientId: options.clientId ?? server.clientId,
    issuer: server.issuer,
    again: `${name}${stageFlags(project)}`,
  };
}
