import type { Deployment } from '.';

type Auth = NonNullable<Deployment['auth']>;

/** The part of this server's scopes before their names. */
export function scopePrefix({ cognito }: Auth): string {
  return `${cognito?.resource_server_id ?? 'mcp'}/`;
}

/** What this server's scopes allow, by name: `read` and `write`, those that clients may ask for, and those of one's own. */
export function serverScopes(auth: Auth): Map<string, string> {
  const prefix = scopePrefix(auth);
  const scopes = new Map([['read', 'Read through this MCP server'], ['write', 'Change things through this MCP server']]);
  for (const name of [...auth.dcr?.default_scopes ?? [], ...auth.dcr?.allowed_scopes ?? []]) {
    const own = name.slice(prefix.length);
    if (name.startsWith(prefix) && !scopes.has(own)) scopes.set(own, name);
  }
  for (const [name, description] of Object.entries(auth.scopes?.custom ?? {})) {
    scopes.set(name.startsWith(prefix) ? name.slice(prefix.length) : name, description);
  }
  return scopes;
}
