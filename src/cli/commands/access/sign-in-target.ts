import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { CliError } from '../../util/errors';

/** The options that choose the endpoint to sign in to. */
export interface SignInTargetOptions extends StageOptions {
  readonly server?: string;
  readonly clientId?: string;
}

/** The endpoint to sign in to. */
export interface SignInTarget {
  readonly url: string;
  readonly clientId?: string;

  /** The issuer, if the stack has it as an output. */
  readonly issuer?: string;

  /** The arguments that choose it, for commands in hints. */
  readonly flags: string;
}

/**
 * Find the endpoint that the arguments of a command choose.
 *
 * @param checkUrl returns the URL to use; throws if the command must not use the URL
 * @throws CliError if the arguments contradict each other, or if there is no such endpoint
 */
export async function findSignInTarget(
  url: string | undefined, options: SignInTargetOptions, checkUrl: (url: string, what: string) => string,
): Promise<SignInTarget> {
  if (url !== undefined) {
    if (options.stage !== undefined || options.local || options.server !== undefined) {
      throw new CliError('a URL cannot be combined with --stage, --local or --server');
    }
    const checked = checkUrl(url, 'the URL');
    return { url: checked, clientId: options.clientId, flags: ` ${checked}` };
  }
  const { findProtectedServer } = await import('../../login/protected-servers');
  const project = await openProject(options);
  const server = await findProtectedServer(project, options.server);
  const serverFlag = options.server === undefined ? '' : ` --server ${options.server}`;
  return {
    url: checkUrl(server.url, 'the URL of the server'),
    clientId: options.clientId ?? server.clientId,
    issuer: server.issuer,
    flags: `${serverFlag}${stageFlags(project)}`,
  };
}
