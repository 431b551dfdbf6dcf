import { checkResourceAllowed } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import { OAuthMetadataSchema, OAuthProtectedResourceMetadataSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { OAuthMetadata, OAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import { checkServerMetadata, metadataUrls, readIssuer, type JsonDocument } from './metadata';
import { getSecurely } from './secure-fetch';
import { CliError, ExitCode } from '../util/errors';
import { secureUrl } from '../util/secure-url';
import { quoted, shortLine } from '../util/untrusted-text';

/** How users sign in to an endpoint. Checked once, and used for all of a sign-in, so that no later answer can change it. */
export interface Discovery {
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
 * Discover how users sign in to an MCP endpoint (RFC 9728, RFC 8414).
 *
 * @param expected the issuer, if it is known
 * @throws CliError if the endpoint has no sign-in, or its metadata cannot be trusted
 */
export async function discover(url: string, expected?: string): Promise<Discovery> {
  const { document, from } = await readProtectedResource(url);
  const issuer = readIssuer(document, url);
  if (expected !== undefined && issuer !== expected) {
    throw new CliError(`${from} names the authorization server ${quoted(issuer)}; the outputs of the stack name ${quoted(expected)}`);
  }
  const resource = parseMetadata(OAuthProtectedResourceMetadataSchema as Schema<OAuthProtectedResourceMetadata>, document, from);
  // This endpoint must not receive tokens for another one.
  if (!checkResourceAllowed({ requestedResource: new URL(url), configuredResource: resource.resource })) {
    throw new CliError(`${from} is for another resource: ${quoted(resource.resource)}`);
  }
  return { resource, server: await issuerMetadata(issuer) };
}

/**
 * The metadata of an authorization server, read from the issuer itself.
 *
 * @throws CliError if the issuer has none, if they are another issuer's, or if an address in them is not secure
 */
export async function issuerMetadata(issuer: string): Promise<OAuthMetadata> {
  const urls = metadataUrls(secureUrl(issuer, 'the authorization server'));
  for (const url of urls) {
    const { status, document } = await readDocument(url);
    if (status >= 500) throw new CliError(`${url} answered with HTTP ${status}`, { exitCode: ExitCode.AWS_FAILURE });
    if (document) return parseMetadata(OAuthMetadataSchema as Schema<OAuthMetadata>, checkServerMetadata(document, url, issuer), url);
  }
  throw new CliError(`${issuer} serves no metadata at the addresses that clients try: ${urls.join(', ')}`);
}

async function readProtectedResource(url: string): Promise<{ document: JsonDocument; from: string }> {
  const { origin, pathname, search } = new URL(secureUrl(url, 'the URL'));
  const name = `${origin}/.well-known/oauth-protected-resource`;
  const urls = pathname === '/' ? [`${name}${search}`] : [`${name}${pathname.replace(/\/$/, '')}${search}`, name];
  let reason = '';
  for (const each of urls) {
    try {
      const { status, document } = await readDocument(each);
      if (document) return { document, from: each };
      reason = `HTTP ${status}`;
    } catch (error) {
      if (error instanceof CliError) throw error;
      reason = networkErrorText(error as Error);
    }
  }
  throw new CliError(`${url} does not say how to sign in: it serves no /.well-known/oauth-protected-resource (${reason})`, {
    hint: 'public endpoints need no sign-in; those with IAM require requests that are signed with AWS credentials',
  });
}

/** The JSON object in an answer, if there is one: some servers answer every request with a page. */
async function readDocument(url: string): Promise<{ status: number; document?: JsonDocument }> {
  const response = await getSecurely(url);
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    const isObject = response.ok && typeof value === 'object' && value !== null && !Array.isArray(value);
    return { status: response.status, document: isObject ? value as JsonDocument : undefined };
  } catch {
    return { status: response.status };
  }
}

function parseMetadata<T>(schema: Schema<T>, document: JsonDocument, url: string): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new CliError(`${url} is not valid metadata: ${shortLine(problems.join('; '))}`);
}

/** The reason of a failed request. `fetch` has the network's error in `cause`. */
export function networkErrorText(error: Error): string {
  return shortLine((error.cause as Error | undefined)?.message ?? error.message);
}
