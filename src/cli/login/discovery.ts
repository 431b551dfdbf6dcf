import { checkResourceAllowed } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import { OAuthMetadataSchema, OAuthProtectedResourceMetadataSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { OAuthMetadata, OAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import { metadataUrls, namedIssuer, ownMetadata, type Document } from './metadata';
import { getSecurely } from './secure-fetch';
import { CliError, ExitCode } from '../util/errors';
import { plainText, quoted, secureUrl } from '../util/secure-url';

/** How people sign in to an endpoint: checked once, and used for all of a sign-in, so that no later answer can change it. */
export interface Discovered {
  readonly resource: OAuthProtectedResourceMetadata;
  readonly server: OAuthMetadata;
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
}

/**
 * Finds out how people sign in to an MCP endpoint (RFC 9728, RFC 8414).
 *
 * @param expected the issuer, where it is known already
 * @throws CliError where nobody can, or what is said is not to be trusted
 */
export async function discover(url: string, expected?: string): Promise<Discovered> {
  const { document, from } = await protectedResource(url);
  const issuer = namedIssuer(document, url);
  if (expected !== undefined && issuer !== expected) {
    throw new CliError(`${from} names the authorization server ${quoted(issuer)}; the outputs of the stack name ${quoted(expected)}`);
  }
  const resource = understood(OAuthProtectedResourceMetadataSchema as Schema<OAuthProtectedResourceMetadata>, document, from);
  // Tokens for another endpoint are not for this one to get.
  if (!checkResourceAllowed({ requestedResource: new URL(url), configuredResource: resource.resource })) {
    throw new CliError(`${from} is of another resource: ${quoted(resource.resource)}`);
  }
  return { resource, server: await issuerMetadata(issuer) };
}

/**
 * The metadata of an authorization server, got from the issuer itself.
 *
 * @throws CliError when it has none, when they are another issuer's, or an address in them is not secure
 */
export async function issuerMetadata(issuer: string): Promise<OAuthMetadata> {
  const urls = metadataUrls(secureUrl(issuer, 'the authorization server'));
  for (const url of urls) {
    const { status, document } = await getDocument(url);
    if (status >= 500) throw new CliError(`${url} answers with HTTP ${status}`, { exitCode: ExitCode.AWS_FAILURE });
    if (document) return understood(OAuthMetadataSchema as Schema<OAuthMetadata>, ownMetadata(document, url, issuer), url);
  }
  throw new CliError(`${issuer} serves no metadata where clients look: ${urls.join(', ')}`);
}

async function protectedResource(url: string): Promise<{ document: Document; from: string }> {
  const { origin, pathname, search } = new URL(secureUrl(url, 'the URL'));
  const name = `${origin}/.well-known/oauth-protected-resource`;
  const urls = pathname === '/' ? [`${name}${search}`] : [`${name}${pathname.replace(/\/$/, '')}${search}`, name];
  let said = '';
  for (const each of urls) {
    try {
      const { status, document } = await getDocument(each);
      if (document) return { document, from: each };
      said = `HTTP ${status}`;
    } catch (error) {
      if (error instanceof CliError) throw error;
      said = reasonOf(error as Error);
    }
  }
  throw new CliError(`${url} says nothing about signing in: it serves no /.well-known/oauth-protected-resource (${said})`, {
    hint: 'public endpoints need no sign-in; those with IAM want requests signed with AWS credentials instead',
  });
}

/** A document, where the answer is one: some servers answer everything with a page. */
async function getDocument(url: string): Promise<{ status: number; document?: Document }> {
  const response = await getSecurely(url);
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    const isObject = response.ok && typeof value === 'object' && value !== null && !Array.isArray(value);
    return { status: response.status, document: isObject ? value as Document : undefined };
  } catch {
    return { status: response.status };
  }
}

function understood<T>(schema: Schema<T>, document: Document, url: string): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new CliError(`${url} is not as clients need it: ${plainText(faults.join('; '))}`);
}

/** Why no answer came; the network's reason is behind that of fetch. */
export function reasonOf(error: Error): string {
  return plainText((error.cause as Error | undefined)?.message ?? error.message);
}
