import { dotted, type Finding, show } from '../diagnostics/issues';
import type { Path, Source } from '../diagnostics/source';
import type { Deployment } from '../schema';

type Auth = NonNullable<Deployment['auth']>;

/** A value by which a server accepts tokens. Servers with the same value accept each other's tokens. */
interface Mark {
  readonly path: Path;
  readonly value: string;
  readonly shown: string;
  readonly why: string;
}

/** Warn about servers that accept each other's tokens, because they have the same issuer and the same audience or client. */
export function audienceWarnings(servers: readonly Deployment[], sources: readonly Source[]): Finding[] {
  const first = new Map<string, string>();
  return servers.flatMap(({ auth, server }, index) => (auth?.enabled ? marks(auth) : []).flatMap(({ path, value, shown, why }) => {
    const other = first.get(value);
    if (other === undefined) first.set(value, server.name);
    if (other === undefined || other === server.name) return [];
    const place = sources[index].origin(path);
    return [{ path: place, text: `${dotted(place)} is ${show(shown)} for both ${other} and ${server.name}: ${why}` }];
  }));
}

function marks(auth: Auth): Mark[] {
  switch (auth.provider) {
    case 'cognito':
      return cognitoMarks(auth);
    case 'oidc':
      return oidcMarks(auth);
    default:
      return [];
  }
}

/** A new pool, and a client that is added to an existing pool, belong to one server only. */
function cognitoMarks({ client_id: client, strict_audience: strict, cognito, ...auth }: Auth): Mark[] {
  const pool = auth.user_pool_id ?? cognito?.user_pool_id;
  if (pool === undefined || client === undefined || strict) return [];
  const identifier = cognito?.resource_server_id ?? 'mcp';
  return [
    {
      path: ['auth', 'client_id'],
      value: `client ${client} of ${pool}`,
      shown: client,
      why: 'each of them accepts a token of this client without an audience; set strict_audience = true, or use a separate client for each',
    },
    {
      path: ['auth', 'cognito', 'resource_server_id'],
      value: `scopes ${identifier} of ${pool}`,
      shown: identifier,
      why: 'a scope that is granted for one of them is accepted by the other; use a separate resource server for each, or set '
        + 'strict_audience = true',
    },
  ];
}

function oidcMarks({ oidc, strict_audience: strict }: Auth): Mark[] {
  if (!oidc) return [];
  if (oidc.audience !== undefined) {
    return [{
      path: ['auth', 'oidc', 'audience'],
      value: `audience ${oidc.audience} of ${oidc.issuer}`,
      shown: oidc.audience,
      why: 'each accepts tokens for the other; remove it, or use a separate audience for each',
    }];
  }
  return strict ? [] : [{
    path: ['auth', 'oidc', 'client_id'],
    value: `client ${oidc.client_id} of ${oidc.issuer}`,
    shown: oidc.client_id,
    why: 'each of them accepts a token of this client; use a separate audience or client for each',
  }];
}
