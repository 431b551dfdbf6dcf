import type { OAuthMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import { hasIssuerInAnswers, separateOrigins, type SignInEndpoint } from './metadata';
import { CliError } from '../util/errors';
import { confirm } from '../util/terminal';

/**
 * Require that the sign-in page and the token endpoint belong to the same operator.
 *
 * Metadata can combine the page of an honest server with the token endpoint of a thief (mix-up attack, RFC 9700, section 4.4). Honest
 * servers have both at one origin, or send their issuer with each answer (RFC 9207), which a thief cannot make an honest page do. For
 * all others the user has to decide.
 *
 * @throws CliError if the user does not confirm it, or cannot be asked
 */
export async function requireSameOperator(metadata: OAuthMetadata, page: SignInEndpoint): Promise<void> {
  const origins = separateOrigins(metadata, page);
  // An answer to a browser is checked for its issuer. An answer to a device does not have one.
  if (!origins || (page === 'authorization_endpoint' && hasIssuerInAnswers(metadata))) return;
  const facts = `the sign-in page of ${metadata.issuer} is at ${origins.page}, and its token endpoint at ${origins.token}`;
  const risk = 'if these belong to different companies, the second can sign in to the first in your name';
  if (!await confirm(`${facts}: ${risk}. Do they belong together?`, `${facts}: ${risk}. Run the command in a terminal to decide`)) {
    throw new CliError(`${facts}; nothing was sent`);
  }
}
