import type { Deployment } from '.';

type Auth = NonNullable<Deployment['auth']>;

/** Prefix of this server's scopes. */
export function scopePrefix({ cognito }: Auth): string {
  return `${cognito?.resource_server_id ?? 'mcp'}/`;
}

/** Descriptions of this server's scopes, by name: `read`, `write`, those in `[auth.dcr]`, and custom ones. */
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
