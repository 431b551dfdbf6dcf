import type { OAuthMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import { namesItself, twoOrigins, type SignInEndpoint } from './metadata';
import { CliError } from '../util/errors';
import { confirm } from '../util/terminal';

/**
 * Makes sure that what a person's sign-in yields goes to whoever shows the page.
 *
 * Metadata can name the page of an honest server and the token endpoint of a thief (mix-up, RFC 9700, 4.4). Honest servers have both at one
 * origin, or say in each answer who they are, which a thief cannot make an honest page do. For the few others a person has to decide.
 *
 * @throws CliError where nobody agrees
 */
export async function requireOneParty(metadata: OAuthMetadata, page: SignInEndpoint): Promise<void> {
  const origins = twoOrigins(metadata, page);
  // The answers of a browser are checked for who sent them; those to a device do not say it.
  if (!origins || (page === 'authorization_endpoint' && namesItself(metadata))) return;
  const what = `${metadata.issuer} wants the sign-in to happen at ${origins.page}, and its result to be sent to ${origins.token}`;
  const risk = 'if these are not of the same company, the second can sign in to the first in your name';
  if (!await confirm(`${what}: ${risk}. Do they belong together?`, `${what}: ${risk}. Run the command in a terminal to decide`)) {
    throw new CliError(`${what}; nothing was sent`);
  }
}
