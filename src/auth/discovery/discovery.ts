import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpMethod, HttpNoneAuthorizer, HttpRoute, HttpRouteKey, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AuthFunction } from './auth-function';
import { AuthorizationServerSettings, MetadataSettings } from './handler-settings';
import { limitRoute, RouteLimits } from '../../endpoint/route-limits';
import { acknowledge } from '../../private/nag';

/**
 * The endpoint to protect.
 *
 * @internal
 */
export interface AuthTarget {
  readonly httpApi: IHttpApi;
  readonly path: string;
  readonly apiUrl: string;
  readonly url: string;
  readonly logRetention: RetentionDays;
  readonly logRemovalPolicy: RemovalPolicy;
}

/**
 * Properties of the metadata documents.
 *
 * @internal
 */
export interface DiscoveryProps extends AuthTarget {
  readonly resource: string;
  readonly scopes: string[];
  readonly issuer: string;

  /** If the documents at the root of the API describe this server. */
  readonly root: boolean;
  readonly server?: AuthorizationServerSettings;
}

/** Throttling of each metadata document, which clients read before they sign in. */
const METADATA_LIMITS: RouteLimits = { rateLimit: 20, burstLimit: 40 };

const claimedRoots = new WeakSet<IHttpApi>();

/**
 * Claim the well-known documents at the root of an API. The first server on an API gets them.
 *
 * @returns false if another server has them
 *
 * @internal
 */
export function claimWellKnownRoot(httpApi: IHttpApi): boolean {
  if (claimedRoots.has(httpApi)) return false;
  claimedRoots.add(httpApi);
  return true;
}

/**
 * Serve the metadata that clients read after a 401, without authorization.
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
  const { httpApi } = props;
  addPublicRoutes(discovery, { httpApi, handler: discovery.function, paths, method: HttpMethod.GET, limits: METADATA_LIMITS });
}

/**
 * Properties of routes without authorization.
 *
 * @internal
 */
export interface PublicRoutesProps {
  readonly httpApi: IHttpApi;
  readonly handler: IFunction;
  readonly paths: string[];
  readonly method: HttpMethod;

  /** Throttling of each route, if this package created the stage. */
  readonly limits: RouteLimits;
}

/**
 * Add routes without authorization, including CORS preflight.
 *
 * @internal
 */
export function addPublicRoutes(scope: Construct, { httpApi, handler, paths, method, limits }: PublicRoutesProps): void {
  // One permission for the whole API is enough, because the function is public.
  const integration = new HttpLambdaIntegration('Integration', handler, { scopePermissionToRoute: false });
  const authorizer = new HttpNoneAuthorizer();
  for (const path of paths) {
    for (const each of [method, HttpMethod.OPTIONS]) {
      const routeKey = HttpRouteKey.with(path, each);
      const id = `Route ${each} ${path.replaceAll('/', ' ').trim()}`;
      const route = new HttpRoute(scope, id, { httpApi, integration, routeKey, authorizer });
      limitRoute(route, limits);
      acknowledge(route, 'AwsSolutions-APIG4', 'OAuth clients must be able to read this before they have a token.');
    }
  }
}
