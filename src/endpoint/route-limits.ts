import { Stack } from 'aws-cdk-lib';
import { CfnRoute, CfnStage, HttpRoute, HttpStage, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';

/**
 * Throttling of a route: requests per second, and the size of a burst.
 *
 * @internal
 */
export interface RouteLimits {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** The stages that this package created. Others are not changed. */
const stages = new WeakMap<IHttpApi, { readonly stage: HttpStage; readonly limits: RouteLimits }>();

/**
 * Record a stage of this package, so that limits of its routes can be set.
 *
 * @internal
 */
export function rememberStage(httpApi: IHttpApi, stage: HttpStage, limits: RouteLimits): void {
  stages.set(httpApi, { stage, limits });
}

/**
 * Throttle a route more than its stage does, if this package created the stage.
 *
 * @internal
 */
export function limitRoute(route: HttpRoute, { rateLimit, burstLimit }: RouteLimits): void {
  const own = stages.get(route.httpApi);
  // The stage has to depend on the route. It cannot if the route's stack depends on the stack of the API.
  if (!own || Stack.of(route) !== Stack.of(own.stage)) return;
  const stage = own.stage.node.defaultChild as CfnStage;
  const cfnRoute = route.node.defaultChild as CfnRoute;
  stage.routeSettings = {
    ...stage.routeSettings as object,
    [cfnRoute.routeKey]: {
      ThrottlingRateLimit: Math.min(rateLimit, own.limits.rateLimit),
      ThrottlingBurstLimit: Math.min(burstLimit, own.limits.burstLimit),
    },
  };
  // API Gateway refuses settings of a route that does not exist.
  stage.addDependency(cfnRoute);
}
