import { Duration, Names, Stack, Token } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod, CorsPreflightOptions, HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage, IHttpApi, IHttpRouteAuthorizer,
  LogGroupLogDestination, ThrottleSettings,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { McpCorsOptions } from './cors-options';
import { EndpointIntegration } from './integration';
import { rememberStage } from './route-limits';
import { DEFAULT_CORS_MAX_AGE_SECONDS } from '../private/defaults';
import { UserError } from '../util/user-error';

/** Headers that MCP clients send. The wildcard of the Fetch standard does not include `authorization`. */
const ALLOW_HEADERS = [
  'authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id', 'last-event-id',
];

/** Response headers that MCP clients read. */
const EXPOSE_HEADERS = ['mcp-session-id', 'mcp-protocol-version', 'www-authenticate'];

/** Methods of streamable HTTP. The server, not the gateway, answers 405 to those that it does not serve. */
const METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE];

const DEFAULT_RATE_LIMIT = 100;
const DEFAULT_BURST_LIMIT = 200;

/**
 * Properties of the HTTP API and the routes of a server.
 *
 * @internal
 */
export interface HttpApiEndpointProps {
  readonly handler: IFunction;
  readonly path: string;
  readonly throttling?: ThrottleSettings;
  readonly cors?: McpCorsOptions;
  readonly accessLogGroup?: ILogGroup;

  /** Close the address that API Gateway assigns. */
  readonly disableDefaultEndpoint?: boolean;
}

/**
 * Authorization of the routes.
 *
 * @internal
 */
export interface RouteAuth {
  readonly authorizer?: IHttpRouteAuthorizer;

  /** A token must have one of them. */
  readonly scopes?: string[];
}

/**
 * An HTTP API with its stage.
 *
 * @internal
 */
export interface OwnHttpApi {
  readonly httpApi: HttpApi;
  readonly stage: HttpStage;
}

/**
 * Create an HTTP API with a `$default` stage, so that URLs have no stage in their path.
 *
 * @internal
 */
export function createHttpApi(scope: Construct, props: HttpApiEndpointProps): OwnHttpApi {
  const httpApi = new HttpApi(scope, 'HttpApi', {
    apiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-_' }),
    description: `MCP endpoint ${scope.node.path}`,
    createDefaultStage: false,
    disableExecuteApiEndpoint: props.disableDefaultEndpoint,
    corsPreflight: props.cors && corsPreflight(props.cors),
  });
  const throttle = {
    rateLimit: props.throttling?.rateLimit ?? DEFAULT_RATE_LIMIT,
    burstLimit: props.throttling?.burstLimit ?? DEFAULT_BURST_LIMIT,
  };
  const stage = new HttpStage(httpApi, 'DefaultStage', {
    httpApi,
    stageName: '$default',
    autoDeploy: true,
    throttle,
    accessLogSettings: props.accessLogGroup && { destination: new LogGroupLogDestination(props.accessLogGroup), format: accessLogFormat() },
  });
  rememberStage(httpApi, stage, throttle);
  return { httpApi, stage };
}

/**
 * Add a route to the function for each method of the MCP path.
 *
 * @internal
 */
export function addMcpRoutes(scope: Construct, httpApi: IHttpApi, props: HttpApiEndpointProps, auth: RouteAuth): HttpRoute[] {
  const integration = new EndpointIntegration('Integration', props.handler);
  return METHODS.map((method) => new HttpRoute(scope, `Route${method}`, {
    httpApi,
    integration,
    routeKey: HttpRouteKey.with(props.path, method),
    authorizer: auth.authorizer,
    authorizationScopes: auth.scopes,
  }));
}

/**
 * The address that API Gateway assigns to an HTTP API, without a path.
 *
 * It is computed for an imported API, which may know only its id, and for an API whose default endpoint is closed.
 *
 * @internal
 */
export function endpointOf(scope: Construct, httpApi: IHttpApi): string {
  if (httpApi instanceof HttpApi && !httpApi.disableExecuteApiEndpoint) {
    return httpApi.apiEndpoint;
  }
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${httpApi.apiId}.execute-api.${region}.${urlSuffix}`;
}

function corsPreflight(cors: McpCorsOptions): CorsPreflightOptions {
  cors.allowOrigins.forEach(checkOrigin);
  if (cors.allowOrigins.length === 0) {
    throw new UserError('cors.allowOrigins is empty: list the origins that may call the server, such as https://app.example.com, '
      + 'or remove cors');
  }
  return {
    allowOrigins: cors.allowOrigins,
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
    allowHeaders: [...new Set([...ALLOW_HEADERS, ...(cors.additionalAllowHeaders ?? []).map(lower)])],
    exposeHeaders: [...new Set([...EXPOSE_HEADERS, ...(cors.additionalExposeHeaders ?? []).map(lower)])],
    allowCredentials: cors.allowCredentials,
    maxAge: cors.maxAge ?? Duration.seconds(DEFAULT_CORS_MAX_AGE_SECONDS),
  };
}

function checkOrigin(origin: string): void {
  if (!Token.isUnresolved(origin) && !/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#*@]+$/i.test(origin)) {
    throw new UserError(`cors.allowOrigins has ${JSON.stringify(origin)}, which is not an origin: use a scheme, a host and an optional `
      + 'port, without a path and without "*", such as https://app.example.com');
  }
}

function lower(header: string): string {
  return header.toLowerCase();
}

/** One JSON line per request. It has no headers and no query string, so that no token is logged. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    requestId: AccessLogField.contextRequestId(),
    // Lambda's request id, which is in the function's log lines too.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
    integrationRequestId: '$context.integration.requestId',
    ip: AccessLogField.contextIdentitySourceIp(),
    userAgent: AccessLogField.contextIdentityUserAgent(),
    method: AccessLogField.contextHttpMethod(),
    routeKey: AccessLogField.contextRouteKey(),
    path: AccessLogField.contextPath(),
    protocol: AccessLogField.contextProtocol(),
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatencyMs: AccessLogField.contextResponseLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
    authorizerError: AccessLogField.contextAuthorizerError(),
  }));
}
