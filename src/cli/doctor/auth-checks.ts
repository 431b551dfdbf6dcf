import { type Check, explained, warning } from './check';
import { lookAtIssuer } from './issuer';
import { lookAtPool, type PoolUse } from './user-pool';
import type { Deployment } from '../../config/load/deploy-file';
import type { Project } from '../project/project';

/** What sign-in needs beside the stack: existing user pools and issuers of others. A local AWS has neither. */
export function authChecks(project: Project): Check[] {
  if (project.local) return [];
  const auths = project.file.servers.flatMap(({ auth }) => (auth?.enabled ? auth : []));
  const pools = new Map(auths.flatMap(poolOf).map((pool) => [JSON.stringify(pool), pool]));
  const issuers = new Set(auths.flatMap(({ provider, oidc }) => (provider === 'oidc' && oidc ? oidc.issuer : [])));
  return [
    ...[...pools.values()].map((pool) => ({ title: 'User pool', look: async () => explained(async () => lookAtPool(project, pool), warning) })),
    ...[...issuers].map((issuer) => ({ title: 'Issuer', look: async () => lookAtIssuer(issuer) })),
  ];
}

function poolOf({ provider, user_pool_id: id, cognito }: NonNullable<Deployment['auth']>): PoolUse[] {
  const pool = id ?? cognito?.user_pool_id;
  return provider !== 'cognito' || pool === undefined ? [] : [{ id: pool, domain: cognito?.domain, classicPage: cognito?.sign_in_page === 'classic' }];
}
