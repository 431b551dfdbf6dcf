import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OAuthClientInformationMixed, OAuthMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';

/** The stored sign-in to an MCP endpoint. */
export interface SignIn {
  readonly url: string;
  readonly client?: OAuthClientInformationMixed;
  readonly tokens?: OAuthTokens;

  /** The metadata of the authorization server at the time of the sign-in. Later requests go to these addresses only. */
  readonly server?: OAuthMetadata;

  /** The resource that was requested from the authorization server. */
  readonly resource?: string;

  /** When the access token expires, in milliseconds since 1970. Undefined if the issuer does not say. */
  readonly expires?: number;
}

/** The file of an endpoint. Its name is a hash, so that it does not reveal the URL. */
export function signInFile(url: string): string {
  return join(cacheFolder(), 'sign-in', `${hashText(url).slice(0, 32)}.json`);
}

/** Read the stored sign-in, if there is one. */
export function readSignIn(url: string): SignIn | undefined {
  try {
    const stored = JSON.parse(readFileSync(signInFile(url), 'utf-8')) as SignIn;
    return stored.url === url ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Store a sign-in in a file that only this user can read. */
export function writeSignIn(signIn: SignIn): void {
  const file = signInFile(signIn.url);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeAtomic(file, JSON.stringify(signIn), { mode: 0o600 });
}

/** Delete the stored sign-in. The result is false if there was none. */
export function removeSignIn(url: string): boolean {
  const existed = readSignIn(url) !== undefined;
  rmSync(signInFile(url), { force: true });
  return existed;
}
