import { type Diagnosis, ok, problem, warning } from './check';
import type { AwsTarget } from '../aws/clients';
import { aws, cognito } from '../aws/clients';

/** An existing user pool, and how deploy.toml uses it. */
export interface PoolUse {
  readonly id: string;

  /** Prefix of the sign-in domain. */
  readonly domain?: string;
  readonly classicPage: boolean;
}

const PLANS = 'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html';
const CLASSIC = 'set sign_in_page = "classic" in [auth.cognito]';

/**
 * Check that an existing user pool has what deploy.toml needs.
 *
 * @throws CliError if the calls to AWS fail
 */
export async function diagnoseUserPool(target: AwsTarget, { id, domain, classicPage }: PoolUse): Promise<Diagnosis> {
  return aws(target, `reading user pool ${id}`, async () => {
    const { DescribeUserPoolCommand, DescribeUserPoolDomainCommand } = await import('../aws/sdk/cognito');
    const client = await cognito(target);
    const pool = await client.send(new DescribeUserPoolCommand({ UserPoolId: id })).catch(unlessMissing);
    if (!pool?.UserPool) return problem(`there is no user pool ${id} in ${target.region}`, 'see auth.user_pool_id in .pmcp/deploy.toml');
    const plan = pool.UserPool.UserPoolTier ?? 'LITE';
    if (plan === 'LITE' && !classicPage) {
      const found = `${id} is in the plan Lite, which has no managed login, and whose tokens have no audience`;
      return warning(found, `${CLASSIC}, or choose the plan Essentials; see ${PLANS}`);
    }
    if (domain !== undefined) {
      const { DomainDescription: found } = await client.send(new DescribeUserPoolDomainCommand({ Domain: domain }));
      if (found?.UserPoolId !== id) {
        return problem(`${id} has no sign-in domain with the prefix ${domain}`, 'see auth.cognito.domain in .pmcp/deploy.toml');
      }
      if (found.ManagedLoginVersion !== 2 && !classicPage) {
        return warning(`the domain ${domain} of ${id} has the classic page`, `${CLASSIC}, or choose managed login for the domain`);
      }
    }
    return ok(`${id}, plan ${plan.toLowerCase()}`);
  });
}

function unlessMissing(error: Error): undefined {
  if (error.name !== 'ResourceNotFoundException') throw error;
}
