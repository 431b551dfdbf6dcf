import { createHash } from 'node:crypto';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { openBrowser } from './browser';
import { discover, reasonOf } from './discovery';
import { CALLBACK_PATH, listenForBrowser, LOOPBACK_PORTS } from './loopback';
import { namesItself } from './metadata';
import { requireOneParty } from './one-party';
import { CommandLineClient, withTokens } from './provider';
import { renewed } from './renewal';
import { secureFetch } from './secure-fetch';
import { readSignIn, writeSignIn, type SignIn } from './store';
import { CliError, ExitCode } from '../util/errors';
import { plainText } from '../util/secure-url';
import { note } from '../util/terminal';

/** A person needs time to find a password, and perhaps an e-mail. */
const TIMEOUT_MS = 10 * 60_000;

/** A token that is about to expire is got anew. */
const MARGIN_MS = 60_000;

export interface SignInOptions {
  /** A client that is registered already; without it, this command line registers itself where the server lets it. */
  readonly clientId?: string;

  /** The issuer, where it is known: an endpoint that names another one is not followed. */
  readonly issuer?: string;

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
export async function signInWithBrowser(url: string, { clientId, issuer, browser, scope }: SignInOptions): Promise<SignIn> {
  const found = await explained(url, async () => discover(url, issuer));
  const { server, resource: { resource } } = found;
  await requireOneParty(server, 'authorization_endpoint');
  const loopback = await listenForBrowser(LOOPBACK_PORTS, callbackPath(server.issuer, clientId));
  try {
    const before = { url, server, resource, client: clientId === undefined ? undefined : { client_id: clientId } };
    const client = new CommandLineClient(before, found, loopback.redirectUrl, (page) => {
      note(`Sign in on this page:\n${page.href}`);
      if (browser) openBrowser(page.href);
    });
    await explained(url, async () => auth(client, { serverUrl: url, scope, fetchFn: secureFetch }));
    const expected = { state: client.state(), issuer: server.issuer, named: namesItself(server) };
    const authorizationCode = await loopback.code(expected, TIMEOUT_MS);
    await explained(url, async () => auth(client, { serverUrl: url, authorizationCode, fetchFn: secureFetch }));
    return client.result;
  } finally {
    loopback.close();
  }
}

/** A client that registers itself is sent back to a path of each issuer, so that no issuer can have the answers of another sent to it. */
function callbackPath(issuer: string, clientId?: string): string {
  return clientId === undefined ? `${CALLBACK_PATH}/${createHash('sha256').update(issuer).digest('hex').slice(0, 32)}` : CALLBACK_PATH;
}

/** The errors of the SDK and of the network are for programmers. */
export async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (/dynamic client registration/.test((error as Error).message)) {
      throw new CliError(`clients cannot register themselves with the authorization server of ${url}`, { hint: 'name a client that is registered there: --client-id ID', cause: error });
    }
    throw new CliError(`signing in to ${url} failed: ${reasonOf(error as Error)}`, { exitCode: ExitCode.AWS_FAILURE, cause: error });
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
  try {
    const fresh = await renewed(signIn, signIn.resource ?? url);
    if (!fresh) return undefined;
    writeSignIn(withTokens({ ...signIn, server: fresh.server }, fresh.tokens));
    return fresh.tokens.access_token;
  } catch (error) {
    note(`the sign-in to ${url} could not be renewed: ${plainText((error as Error).message)}`);
    return undefined;
  }
}
