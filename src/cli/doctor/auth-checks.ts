import { type Check, withErrorsAsProblems, warning } from './check';
import { diagnoseIssuer } from './issuer';
import { diagnoseUserPool, type PoolUse } from './user-pool';
import type { Deployment } from '../../config/load/deploy-file';
import type { Project } from '../project/project';

/** Checks of what a sign-in needs outside of the stack: existing user pools, and issuers. A local AWS has neither. */
export function authChecks(project: Project): Check[] {
  if (project.local) return [];
  const auths = project.file.servers.flatMap(({ auth }) => (auth?.enabled ? auth : []));
  const pools = new Map(auths.flatMap(poolOf).map((pool) => [JSON.stringify(pool), pool]));
  const issuers = new Set(auths.flatMap(({ provider, oidc }) => (provider === 'oidc' && oidc ? oidc.issuer : [])));
  return [
    ...[...pools.values()].map((pool) => ({
      title: 'User pool', diagnose: async () => withErrorsAsProblems(async () => diagnoseUserPool(project, pool), warning),
    })),
    ...[...issuers].map((issuer) => ({ title: 'Issuer', diagnose: async () => diagnoseIssuer(issuer) })),
  ];
}

function poolOf({ provider, user_pool_id: id, cognito }: NonNullable<Deployment['auth']>): PoolUse[] {
  const pool = id ?? cognito?.user_pool_id;
  if (provider !== 'cognito' || pool === undefined) return [];
  return [{ id: pool, domain: cognito?.domain, classicPage: cognito?.sign_in_page === 'classic' }];
}
