import { Stack, Token } from 'aws-cdk-lib';
import { CfnUserPoolDomain, CfnUserPoolResourceServer, IUserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct, IConstruct } from 'constructs';
import { McpCognitoAuthOptions, McpSignInPage } from './cognito-options';
import { UserError } from '../../util/user-error';

const COGNITO_QUOTAS = 'https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html';

/** Amazon Cognito's quota of managed login styles per user pool, which cannot be raised. Each client with a sign-in page needs one. */
const STYLES_PER_POOL = 20;

/** Amazon Cognito's default quota of clients per user pool. */
const CLIENTS_PER_POOL = 1000;

const DEFAULT_MAX_CLIENTS = 500;

/**
 * Maximum number of registered clients. With managed login, each needs a style.
 *
 * @throws UserError if the user pool does not allow as many
 * @internal
 */
export function maxClients({ registration, signInPage }: McpCognitoAuthOptions): number {
  const given = registration?._options.maxClients;
  const classic = signInPage === McpSignInPage.CLASSIC;
  // The stack's own client has a style too.
  const most = (classic ? CLIENTS_PER_POOL : STYLES_PER_POOL) - 1;
  if (given !== undefined && given > most) {
    throw new UserError(`registration.maxClients is ${given}: it must be at most ${most}, because Amazon Cognito allows ${classic
      ? `${CLIENTS_PER_POOL} clients per user pool`
      : `${STYLES_PER_POOL} managed login styles per user pool, and each client needs one`} (${COGNITO_QUOTAS})`);
  }
  return given ?? (classic ? DEFAULT_MAX_CLIENTS : most);
}

/** Styles that the servers of an app may use, by user pool. */
const styles = new WeakMap<IConstruct, Map<string, number>>();

/**
 * Count the managed login styles of a server's clients, including those that register.
 *
 * @throws UserError if the servers of the app together may use more than a user pool allows
 * @internal
 */
export function countStyles(scope: Construct, userPool: IUserPool, options: McpCognitoAuthOptions): void {
  if (options.signInPage === McpSignInPage.CLASSIC) return;
  const pools = styles.get(scope.node.root) ?? new Map<string, number>();
  styles.set(scope.node.root, pools);
  const registered = options.registration ? maxClients(options) : 0;
  const before = pools.get(userPool.userPoolId) ?? 0;
  const sum = before + registered + (options.userPoolClient ? 0 : 1);
  if (sum > STYLES_PER_POOL) {
    throw new UserError(`the servers of this app may have ${sum} clients with managed login in one user pool, but Amazon Cognito allows `
      + `${STYLES_PER_POOL} managed login styles per pool (${COGNITO_QUOTAS}): lower registration.maxClients ([auth.dcr] max_clients in `
      + `deploy.toml), which adds ${registered} for ${scope.node.scope!.node.path}, or use a separate user pool for the server`);
  }
  pools.set(userPool.userPoolId, sum);
}

/**
 * Check that the identifier of a resource server is unique in its user pool, now and again at synthesis.
 *
 * @throws UserError if the pool has one with the same identifier already
 * @internal
 */
export function checkResourceServer(scope: Construct, userPool: IUserPool, identifier: string): void {
  const inPool = () => all(scope, CfnUserPoolResourceServer.isCfnUserPoolResourceServer)
    .filter((other) => other.userPoolId === userPool.userPoolId && other.identifier === identifier);
  const text = (path: string) => `${path} already has the resource server ${JSON.stringify(identifier)} in this user pool: identifiers `
    + 'are unique '
    + 'in a pool (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html); set another '
    + 'resourceServerId (resource_server_id in [auth.cognito], or in [stages.<name>.auth.cognito] for a stage)';
  const found = inPool();
  if (found.length > 0) throw new UserError(text(found[0].node.path));
  scope.node.addValidation({
    validate: () => {
      const other = inPool().find(({ node }) => !node.path.startsWith(`${scope.node.path}/`));
      return other ? [text(other.node.path)] : [];
    },
  });
}

/**
 * Check that the prefix of a sign-in domain is unique in its region.
 *
 * @throws UserError if the app has a domain with the same prefix
 * @internal
 */
export function checkDomainPrefix(scope: Construct, prefix: string): void {
  const { region } = Stack.of(scope);
  const same = all(scope, CfnUserPoolDomain.isCfnUserPoolDomain)
    .find((other) => other.domain === prefix && regionOf(other, scope) === region);
  if (Token.isUnresolved(prefix) || !same) return;
  throw new UserError(`domainPrefix is ${JSON.stringify(prefix)}, which is the prefix of ${same.node.path}: it must be unique in a `
    + 'region, over all '
    + 'accounts (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html); '
    + 'set another, or remove it');
}

/** Two stacks without a fixed region may be deployed to two regions. Constructs in one stack are always in one region. */
function regionOf(other: IConstruct, scope: IConstruct): string | undefined {
  const { region } = Stack.of(other);
  return Token.isUnresolved(region) && Stack.of(other) !== Stack.of(scope) ? undefined : region;
}

function all<T extends IConstruct>(scope: IConstruct, is: (each: unknown) => each is T): T[] {
  return scope.node.root.node.findAll().filter(is);
}
