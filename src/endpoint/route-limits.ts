import { Stack } from 'aws-cdk-lib';
import { CfnRoute, CfnStage, HttpRoute, HttpStage, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';

/**
 * Requests a second, and how many may come at once.
 *
 * @internal
 */
export interface RouteLimits {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** The stages that this package made: another's stage is not changed. */
const stages = new WeakMap<IHttpApi, { readonly stage: HttpStage; readonly limits: RouteLimits }>();

/**
 * @internal
 */
export function rememberStage(httpApi: IHttpApi, stage: HttpStage, limits: RouteLimits): void {
  stages.set(httpApi, { stage, limits });
}

/**
 * Limits the requests to a route more than its stage does, where the stage is one of this package.
 *
 * @internal
 */
export function limitRoute(route: HttpRoute, { rateLimit, burstLimit }: RouteLimits): void {
  const own = stages.get(route.httpApi);
  // The stage waits for the route, which it cannot do for a route in a stack that waits for the API.
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
  // API Gateway refuses settings for a route that does not exist yet.
  stage.addDependency(cfnRoute);
}
