import { dotted, type Finding, show } from '../diagnostics/issues';
import type { Path, Source } from '../diagnostics/source';
import type { Deployment } from '../schema';

interface UniqueValue {
  readonly path: Path;
  readonly of: (deployment: Deployment) => string | undefined;
  readonly what: string;
}

/** Values that must be unique in a stack. */
const UNIQUE_VALUES: readonly UniqueValue[] = [
  { path: ['domain', 'name'], of: ({ domain }) => domain?.name, what: 'domain name' },
  { path: ['auth', 'cognito', 'domain'], of: newPoolDomain, what: 'sign-in domain' },
  { path: ['auth', 'cognito', 'resource_server_id'], of: resourceServer, what: 'resource server in a user pool' },
];

/** The prefix of a new pool's sign-in domain. */
export function newPoolDomain({ auth }: Deployment): string | undefined {
  return auth?.enabled && auth.provider === 'cognito' && poolOf(auth) === undefined ? auth.cognito?.domain : undefined;
}

/** The resource server that is added to an existing pool. */
export function resourceServer({ auth }: Deployment): string | undefined {
  if (!auth?.enabled || auth.provider !== 'cognito' || auth.client_id !== undefined) return undefined;
  const pool = poolOf(auth);
  return pool === undefined ? undefined : `${resourceServerId(auth)} of ${pool}`;
}

function resourceServerId({ cognito }: NonNullable<Deployment['auth']>): string {
  return cognito?.resource_server_id ?? 'mcp';
}

function poolOf(auth: NonNullable<Deployment['auth']>): string | undefined {
  return auth.user_pool_id ?? auth.cognito?.user_pool_id;
}

/** Values that must be unique per server but are repeated. */
export function duplicateValuesOfServers(servers: readonly Deployment[], sources: readonly Source[]): Finding[] {
  return UNIQUE_VALUES.flatMap(({ path, of, what }) => {
    const first = new Map<string, string>();
    return servers.flatMap((deployment, index) => {
      const value = of(deployment);
      if (value === undefined) return [];
      const other = first.get(value);
      if (other === undefined) {
        first.set(value, deployment.server.name);
        return [];
      }
      const place = sources[index].origin(path);
      return [{
        path: place,
        text: `${dotted(place)} is ${show(value)} for both ${other} and ${deployment.server.name}; use a separate `
        + `${what} for each of [[servers]]`,
      }];
    });
  });
}
