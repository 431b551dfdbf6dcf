import type { IConstruct } from 'constructs';
import { UserError } from '../util/user-error';

/**
 * Context keys of this package, for `cdk -c KEY=VALUE`. `pmcp-deploy --local` sets most of them, because the local AWS lacks some features.
 *
 * @internal
 */
export const ContextKey = {
  /** Account of the stack, instead of the one in deploy.toml. The local AWS answers unsigned requests in one account only. */
  ACCOUNT: 'pmcp-deploy:account',

  /** Architecture to build for, `arm64` or `x86_64`, instead of the one in the code. The local AWS runs that of the host only. */
  ARCHITECTURE: 'pmcp-deploy:architecture',

  /** Quota of authorizers per HTTP API, after AWS Support has raised it. */
  AUTHORIZERS_PER_API: 'pmcp-deploy:authorizers-per-api',

  /** `off` omits custom domains: the local AWS has none, and the name may belong to a server in use. */
  DOMAIN: 'pmcp-deploy:domain',

  /** `off` omits alarms that use metric math, which the local AWS cannot evaluate. */
  METRIC_MATH: 'pmcp-deploy:metric-math',

  /** `environment` delivers every secret that way: the local AWS lacks the extension that reads them. */
  SECRET_DELIVERY: 'pmcp-deploy:secret-delivery',

  /** Secrets that exist, as JSON: by name, each with its ARN and current version. A new value causes a new version of the function. */
  SECRETS: 'pmcp-deploy:secrets',

  /** `classic` uses the classic hosted UI of Amazon Cognito, the only one of the local AWS. */
  SIGN_IN_PAGE: 'pmcp-deploy:sign-in-page',

  /** `all-at-once` omits CodeDeploy, which the local AWS lacks. */
  STRATEGY: 'pmcp-deploy:strategy',
} as const;

type Key = typeof ContextKey[keyof typeof ContextKey];

/**
 * Read a context value that must be one of a few.
 *
 * @returns undefined if the key is not set
 * @throws UserError if it is set to another value
 * @internal
 */
export function contextChoice<Choice extends string>(scope: IConstruct, key: Key, choices: readonly Choice[]): Choice | undefined {
  const value: unknown = scope.node.tryGetContext(key);
  if (value === undefined) return undefined;
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw contextError(key, value, choices.join(' or '));
  return choice;
}

/**
 * Read a context value that must be a positive integer.
 *
 * @returns undefined if the key is not set
 * @throws UserError if it is set to something else
 * @internal
 */
export function contextCount(scope: IConstruct, key: Key): number | undefined {
  const value: unknown = scope.node.tryGetContext(key);
  if (value === undefined) return undefined;
  const count = typeof value === 'string' ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) throw contextError(key, value, 'a positive integer');
  return count;
}

/**
 * Read a context value that must match a pattern.
 *
 * @param wanted what the pattern stands for, such as "an account id"
 * @returns undefined if the key is not set
 * @throws UserError if it does not match
 * @internal
 */
export function contextText(scope: IConstruct, key: Key, pattern: RegExp, wanted: string): string | undefined {
  const value: unknown = scope.node.tryGetContext(key);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !pattern.test(value)) throw contextError(key, value, wanted);
  return value;
}

function contextError(key: Key, value: unknown, wanted: string): UserError {
  return new UserError(`context ${key} is ${JSON.stringify(value)}: it must be ${wanted}`);
}
