import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpMethod, HttpNoneAuthorizer, HttpRoute, HttpRouteKey, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AuthFunction } from './auth-function';
import { AuthorizationServerSettings, MetadataSettings } from './handler-settings';
import { limitRoute, RouteLimits } from '../endpoint/route-limits';
import { acknowledge } from '../private/nag';

/**
 * The endpoint that is to be protected.
 *
 * @internal
 */
export interface AuthTarget {
  readonly httpApi: IHttpApi;

  /** Whether the API and its stage are the server's own. */
  readonly ownsHttpApi: boolean;
  readonly path: string;
  readonly apiUrl: string;
  readonly url: string;
  readonly logRetention: RetentionDays;
  readonly logRemovalPolicy: RemovalPolicy;
}

/**
 * @internal
 */
export interface DiscoveryProps extends AuthTarget {
  readonly resource: string;
  readonly scopes: string[];
  readonly issuer: string;

  /** Whether this server answers for the API as a whole. */
  readonly root: boolean;
  readonly server?: AuthorizationServerSettings;
}

/** Requests a second, and at once, for each of the documents that clients read before they sign in. */
const METADATA_LIMITS: RouteLimits = { rateLimit: 20, burstLimit: 40 };

const rooted = new WeakSet<IHttpApi>();

/**
 * Whether the well-known documents at the root of an API are this server's: of several on one API they are the first one's.
 *
 * @internal
 */
export function claimWellKnownRoot(httpApi: IHttpApi): boolean {
  if (rooted.has(httpApi)) return false;
  rooted.add(httpApi);
  return true;
}

/**
 * Serves the metadata that clients look for after a 401, to anybody.
 *
 * @internal
 */
export function addDiscovery(scope: Construct, props: DiscoveryProps): void {
  const { root, path, resource, scopes, issuer, server } = props;
  const settings: MetadataSettings = { resource, resourceName: scope.node.id, scopes, issuer, server };
  const discovery = new AuthFunction(scope, 'Discovery', {
    handler: 'metadata',
    description: `OAuth metadata of the MCP server ${scope.node.path}`,
    settings: Stack.of(scope).toJsonString(settings),
    logRetention: props.logRetention,
    logRemovalPolicy: props.logRemovalPolicy,
  });
  const suffixes = [...root ? [''] : [], ...path === '/' ? [] : [path]];
  const paths = [
    ...suffixes.map((suffix) => `/.well-known/oauth-protected-resource${suffix}`),
    ...server ? [`/.well-known/oauth-authorization-server${root ? '' : path}`] : [],
  ];
  addPublicRoutes(discovery, { httpApi: props.httpApi, handler: discovery.function, paths, method: HttpMethod.GET, limits: METADATA_LIMITS });
}

/**
 * @internal
 */
export interface PublicRoutesProps {
  readonly httpApi: IHttpApi;
  readonly handler: IFunction;
  readonly paths: string[];
  readonly method: HttpMethod;

  /** Limits of each route, where the stage is one of this package. */
  readonly limits: RouteLimits;
}

/**
 * Routes paths to a function that anybody may call, preflight requests of browsers included.
 *
 * @internal
 */
export function addPublicRoutes(scope: Construct, { httpApi, handler, paths, method, limits }: PublicRoutesProps): void {
  // One permission for the API: the function is public, so there is nothing to get around by another route.
  const integration = new HttpLambdaIntegration('Integration', handler, { scopePermissionToRoute: false });
  const authorizer = new HttpNoneAuthorizer();
  for (const path of paths) {
    for (const each of [method, HttpMethod.OPTIONS]) {
      const routeKey = HttpRouteKey.with(path, each);
      const route = new HttpRoute(scope, `Route ${each} ${path.replaceAll('/', ' ').trim()}`, { httpApi, integration, routeKey, authorizer });
      limitRoute(route, limits);
      acknowledge(route, 'AwsSolutions-APIG4', 'OAuth clients must be able to read this before they have a token.');
    }
  }
}
