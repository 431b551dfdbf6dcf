import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OAuthClientInformationMixed, OAuthMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';

/** What is kept of a sign-in to one MCP endpoint. */
export interface SignIn {
  readonly url: string;
  readonly client?: OAuthClientInformationMixed;
  readonly tokens?: OAuthTokens;

  /** The authorization server that the tokens are of, as it was then: what is sent later goes to these addresses only. */
  readonly server?: OAuthMetadata;

  /** What the tokens are for, as the authorization server was asked. */
  readonly resource?: string;

  /** When the access token expires, in milliseconds; unknown where the issuer does not say. */
  readonly expires?: number;
}

/** The file of an endpoint. Its name tells nothing. */
export function signInFile(url: string): string {
  return join(cacheFolder(), 'sign-in', `${hashText(url).slice(0, 32)}.json`);
}

/** What is kept, or nothing where nobody signed in. */
export function readSignIn(url: string): SignIn | undefined {
  try {
    const kept = JSON.parse(readFileSync(signInFile(url), 'utf-8')) as SignIn;
    return kept.url === url ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a sign-in where only this user can read it. */
export function writeSignIn(signIn: SignIn): void {
  const file = signInFile(signIn.url);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeAtomic(file, JSON.stringify(signIn), { mode: 0o600 });
}

/** Forgets a sign-in; false when there was none. */
export function removeSignIn(url: string): boolean {
  const known = readSignIn(url) !== undefined;
  rmSync(signInFile(url), { force: true });
  return known;
}
