import { Stack, Token } from 'aws-cdk-lib';
import { CfnAuthorizer, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnUserPoolDomain, CfnUserPoolResourceServer, IUserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct, IConstruct } from 'constructs';
import { McpCognitoAuthOptions, McpSignInPage } from './auth-options';
import { UserError } from '../util/user-error';

const API_QUOTAS = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';
const COGNITO_QUOTAS = 'https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html';

/** The context key for an API whose quota AWS Support has raised. */
const AUTHORIZERS_CONTEXT = 'pmcp-deploy:authorizers-per-api';

const AUTHORIZERS_PER_API = 10;

/**
 * API Gateway's quota, which is not raised.
 *
 * @internal
 */
export const SCOPES_PER_ROUTE = 10;

/** Amazon Cognito's quota of managed login styles in a user pool, which is not raised. Each client that shows a page needs one. */
const STYLES_PER_POOL = 20;

/** Amazon Cognito's quota of clients in a user pool, unless it is raised. */
const CLIENTS_PER_POOL = 1000;

const DEFAULT_MAX_CLIENTS = 500;

/**
 * How many scopes a route may ask for.
 *
 * @throws when there are more
 * @internal
 */
export function checkScopeCount(name: string, count: number): void {
  if (count <= SCOPES_PER_ROUTE) return;
  throw new UserError(`${name} has ${count} scopes: API Gateway takes ${SCOPES_PER_ROUTE} for a route (${API_QUOTAS}); `
    + 'name the scopes that open the server, and let tools ask for finer rights by other claims, such as groups');
}

/**
 * How many clients may be registered at a time: with managed login, each needs a style of its own.
 *
 * @throws when more are asked for than the user pool has room for
 * @internal
 */
export function maxClients({ registration, signInPage }: McpCognitoAuthOptions): number {
  const given = registration?.maxClients;
  const classic = signInPage === McpSignInPage.CLASSIC;
  // The stack's own client has a style, too.
  const most = (classic ? CLIENTS_PER_POOL : STYLES_PER_POOL) - 1;
  if (given !== undefined && given > most) {
    throw new UserError(`registration.maxClients is ${given}: it must be at most ${most}, because ${classic
      ? `Amazon Cognito has room for ${CLIENTS_PER_POOL} clients in a user pool`
      : `Amazon Cognito has room for ${STYLES_PER_POOL} managed login styles in a user pool, and each client needs one`} (${COGNITO_QUOTAS})`);
  }
  return given ?? (classic ? DEFAULT_MAX_CLIENTS : most);
}

/** Styles that the servers of an app may use in each user pool. */
const styles = new WeakMap<IConstruct, Map<string, number>>();

/**
 * Counts the managed login styles of a server's clients, those that register included.
 *
 * @throws when the servers of the app together may use more than a user pool has room for
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
    throw new UserError(`the servers of this app may have ${sum} clients with managed login in one user pool, but Amazon Cognito has room for ${STYLES_PER_POOL} `
      + `managed login styles in a pool (${COGNITO_QUOTAS}): lower registration.maxClients ([auth.dcr] max_clients in deploy.toml), which adds ${registered} for ${
        scope.node.scope!.node.path}, or give the server a user pool of its own`);
  }
  pools.set(userPool.userPoolId, sum);
}

const watched = new WeakSet<IHttpApi>();

/**
 * Looks for too many authorizers on an API, of any server of the app, and again when all constructs are there.
 *
 * @throws when there are more than the API takes already
 * @internal
 */
export function checkAuthorizers(httpApi: IHttpApi): void {
  const tooMany = (): string[] => {
    const most = Number(httpApi.node.tryGetContext(AUTHORIZERS_CONTEXT) ?? AUTHORIZERS_PER_API);
    const count = all(httpApi, CfnAuthorizer.isCfnAuthorizer).filter(({ apiId }) => apiId === httpApi.apiId).length;
    return count <= most ? [] : [
      `the HTTP API ${httpApi.node.path} has ${count} authorizers: API Gateway takes ${AUTHORIZERS_PER_API} (${API_QUOTAS}); leave httpApi out, so that a server `
      + `gets an API of its own, or have the quota of this API raised by AWS Support and set the context ${AUTHORIZERS_CONTEXT} to the new one`,
    ];
  };
  const found = tooMany();
  if (found.length > 0) throw new UserError(found[0]);
  if (watched.has(httpApi)) return;
  watched.add(httpApi);
  httpApi.node.addValidation({ validate: tooMany });
}

/**
 * Looks for another resource server of the same identifier in a user pool, and again when all constructs are there.
 *
 * @throws when there is one already
 * @internal
 */
export function checkResourceServer(scope: Construct, userPool: IUserPool, identifier: string): void {
  const inPool = () => all(scope, CfnUserPoolResourceServer.isCfnUserPoolResourceServer)
    .filter((other) => other.userPoolId === userPool.userPoolId && other.identifier === identifier);
  const text = (path: string) => `${path} has the resource server ${JSON.stringify(identifier)} in this user pool already: Amazon Cognito takes an identifier once in a `
    + 'pool (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html); set another resourceServerId '
    + '(resource_server_id in [auth.cognito], or in [stages.<name>.auth.cognito] for a stage)';
  const found = inPool();
  if (found.length > 0) throw new UserError(text(found[0].node.path));
  scope.node.addValidation({
    validate: () => inPool().filter(({ node }) => !node.path.startsWith(`${scope.node.path}/`)).slice(0, 1).map(({ node }) => text(node.path)),
  });
}

/**
 * Looks for another sign-in domain of the same prefix in the same region.
 *
 * @throws when there is one
 * @internal
 */
export function checkDomainPrefix(scope: Construct, prefix: string): void {
  const { region } = Stack.of(scope);
  const same = all(scope, CfnUserPoolDomain.isCfnUserPoolDomain).find((other) => other.domain === prefix && regionOf(other, scope) === region);
  if (Token.isUnresolved(prefix) || !same) return;
  throw new UserError(`domainPrefix is ${JSON.stringify(prefix)}, which is the prefix of ${same.node.path}: the prefix is one of its own in a region, over all accounts `
    + '(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html); set another, or leave it out');
}

/** Where the region is not known, two stacks may be meant for two regions, and one stack may not. */
function regionOf(other: IConstruct, scope: IConstruct): string | undefined {
  const { region } = Stack.of(other);
  return Token.isUnresolved(region) && Stack.of(other) !== Stack.of(scope) ? undefined : region;
}

function all<T extends IConstruct>(scope: IConstruct, is: (each: unknown) => each is T): T[] {
  return scope.node.root.node.findAll().filter(is);
}
