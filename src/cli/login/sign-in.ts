import { auth, discoverOAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/client/auth.js';
import { CliError, ExitCode } from '../errors';
import { note } from '../terminal';
import { openBrowser } from './browser';
import { listenForBrowser } from './loopback';
import { CommandLineClient } from './provider';
import { readSignIn, type SignIn } from './store';

/** A person needs time to find a password, and perhaps an e-mail. */
const TIMEOUT_MS = 10 * 60_000;

/** A token that is about to expire is got anew. */
const MARGIN_MS = 60_000;

export interface SignInOptions {
  /** A client that is registered already; without it, this command line registers itself where the server lets it. */
  readonly clientId?: string;

  /** Whether to open the page in a browser; its address is told anyway. */
  readonly browser: boolean;

  /** What to ask for, instead of the scopes that the server names. */
  readonly scope?: string;
}

/**
 * Signs a person in to an MCP endpoint, on a page in the browser, and keeps the tokens.
 *
 * @throws CliError when that does not work
 */
export async function signInWithBrowser(url: string, { clientId, browser, scope }: SignInOptions): Promise<SignIn> {
  await requireMetadata(url);
  const loopback = await listenForBrowser();
  try {
    const client = new CommandLineClient({ url, client: knownClient(clientId) }, loopback.redirectUrl, (page) => {
      note(`Sign in on this page:\n${page.href}`);
      if (browser) openBrowser(page.href);
    });
    await explained(url, async () => auth(client, { serverUrl: url, scope }));
    const authorizationCode = await loopback.code(client.state(), TIMEOUT_MS);
    await explained(url, async () => auth(client, { serverUrl: url, authorizationCode }));
    return client.result;
  } finally {
    loopback.close();
  }
}

function knownClient(clientId?: string) {
  return clientId === undefined ? undefined : { client_id: clientId };
}

/** @throws CliError where nobody can sign in */
export async function requireMetadata(url: string): Promise<void> {
  try {
    await discoverOAuthProtectedResourceMetadata(url);
  } catch (error) {
    throw new CliError(`${url} says nothing about signing in: it serves no /.well-known/oauth-protected-resource (${(error as Error).message})`, {
      hint: 'public endpoints need no sign-in; those with IAM want requests signed with AWS credentials instead',
      cause: error,
    });
  }
}

/** The SDK's errors are for programmers. */
export async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { message } = error as Error;
    if (/dynamic client registration/.test(message)) {
      throw new CliError(`clients cannot register themselves with the authorization server of ${url}`, { hint: 'name a client that is registered there: --client-id ID', cause: error });
    }
    throw new CliError(`signing in to ${url} failed: ${message}`, { exitCode: ExitCode.AWS_FAILURE, cause: error });
  }
}

/**
 * The access token of an earlier sign-in, got anew where it has expired.
 *
 * @returns undefined where nobody signed in, or too long ago
 */
export async function storedToken(url: string): Promise<string | undefined> {
  const signIn = readSignIn(url);
  if (!signIn?.tokens) return undefined;
  if (signIn.expires === undefined || signIn.expires - MARGIN_MS > Date.now()) return signIn.tokens.access_token;
  if (signIn.tokens.refresh_token === undefined) return undefined;
  // Where the refresh is refused, the SDK would send the person to the page: that is for "login" to do.
  let refused = false;
  const client = new CommandLineClient(signIn, 'http://localhost/callback', () => (refused = true));
  try {
    await auth(client, { serverUrl: url });
  } catch (error) {
    note(`the sign-in to ${url} could not be renewed: ${(error as Error).message}`);
    return undefined;
  }
  return refused ? undefined : client.result.tokens?.access_token;
}
