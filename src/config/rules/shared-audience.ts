import { dotted, type Finding, show } from '../diagnostics/issues';
import type { Path, Source } from '../diagnostics/source';
import type { Deployment } from '../schema';

type Auth = NonNullable<Deployment['auth']>;

/** By what a server knows a token for its own, where another server may know it by the same: a key, and the value with the issuer. */
interface Mark {
  readonly path: Path;
  readonly value: string;
  readonly shown: string;
  readonly why: string;
}

/** Tokens of one server that pass at another, because both have the same issuer and the same sign of an audience. */
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

/** A new pool is the issuer of one server only, and a client that is added to a pool is of one server only. */
function cognitoMarks({ client_id: client, strict_audience: strict, cognito, ...auth }: Auth): Mark[] {
  const pool = auth.user_pool_id ?? cognito?.user_pool_id;
  if (pool === undefined || client === undefined || strict) return [];
  const identifier = cognito?.resource_server_id ?? 'mcp';
  return [
    {
      path: ['auth', 'client_id'],
      value: `client ${client} of ${pool}`,
      shown: client,
      why: 'a token of this client that names no audience passes at each of them; set strict_audience = true, or give each a client of its own',
    },
    {
      path: ['auth', 'cognito', 'resource_server_id'],
      value: `scopes ${identifier} of ${pool}`,
      shown: identifier,
      why: 'a scope that is granted for one of them opens the other; give each a resource server of its own, or set strict_audience = true',
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
      why: 'a token for one of them passes at the other; leave it out, or give each an audience of its own',
    }];
  }
  return strict ? [] : [{
    path: ['auth', 'oidc', 'client_id'],
    value: `client ${oidc.client_id} of ${oidc.issuer}`,
    shown: oidc.client_id,
    why: 'a token of this client passes at each of them; give each an audience or a client of its own',
  }];
}
