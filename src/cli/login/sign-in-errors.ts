import { networkErrorText } from './discovery';
import { CliError, ExitCode } from '../util/errors';

/** Turn errors of the MCP SDK and of the network, which are meant for programmers, into a `CliError`. */
export async function withSignInErrors<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (/dynamic client registration/.test((error as Error).message)) {
      throw new CliError(`clients cannot register themselves with the authorization server of ${url}`, {
        hint: 'use a client that is registered there: --client-id ID',
        cause: error,
      });
    }
    throw new CliError(`signing in to ${url} failed: ${networkErrorText(error as Error)}`, {
      exitCode: ExitCode.AWS_FAILURE, cause: error,
    });
  }
}
