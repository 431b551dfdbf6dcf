import { createHash } from 'node:crypto';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { openBrowser } from './browser';
import { discover } from './discovery';
import { CALLBACK_PATH, listenForBrowser, LOOPBACK_PORTS } from './loopback';
import { hasIssuerInAnswers } from './metadata';
import { CommandLineClient } from './provider';
import { requireSameOperator } from './same-operator';
import { secureFetch } from './secure-fetch';
import { withSignInErrors } from './sign-in-errors';
import type { SignIn } from './store';
import { note } from '../util/terminal';

/** The user may have to look up a password, and wait for an e-mail. */
const TIMEOUT_MS = 10 * 60_000;

export interface SignInOptions {
  /** Id of a registered client. @default - the command line registers itself, if the server allows that */
  readonly clientId?: string;

  /** The issuer, if it is known. An endpoint that names another one is refused. */
  readonly issuer?: string;

  /** If true, open the page in a browser. Its address is printed in any case. */
  readonly browser: boolean;

  /** Scopes to request. @default - the scopes that the server names */
  readonly scope?: string;
}

/**
 * Sign the user in to an MCP endpoint, on a page in the browser, and store the tokens.
 *
 * @throws CliError if that fails
 */
export async function signInWithBrowser(url: string, { clientId, issuer, browser, scope }: SignInOptions): Promise<SignIn> {
  const discovered = await withSignInErrors(url, async () => discover(url, issuer));
  const { server, resource: { resource } } = discovered;
  await requireSameOperator(server, 'authorization_endpoint');
  const loopback = await listenForBrowser(LOOPBACK_PORTS, callbackPath(server.issuer, clientId));
  try {
    const before = { url, server, resource, client: clientId === undefined ? undefined : { client_id: clientId } };
    const client = new CommandLineClient(before, discovered, loopback.redirectUrl, (page) => {
      note(`Sign in on this page:\n${page.href}`);
      if (browser) openBrowser(page.href);
    });
    await withSignInErrors(url, async () => auth(client, { serverUrl: url, scope, fetchFn: secureFetch }));
    const expected = { state: client.state(), issuer: server.issuer, hasIssuer: hasIssuerInAnswers(server) };
    const authorizationCode = await loopback.code(expected, TIMEOUT_MS);
    await withSignInErrors(url, async () => auth(client, { serverUrl: url, authorizationCode, fetchFn: secureFetch }));
    return client.result;
  } finally {
    loopback.close();
  }
}

/** A client that registers itself has a callback path for each issuer, so that an issuer cannot collect the codes of another one. */
function callbackPath(issuer: string, clientId?: string): string {
  return clientId === undefined ? `${CALLBACK_PATH}/${createHash('sha256').update(issuer).digest('hex').slice(0, 32)}` : CALLBACK_PATH;
}
