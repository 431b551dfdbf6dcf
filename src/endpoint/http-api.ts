import { Duration, Names, Stack, Token } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod, CorsPreflightOptions, HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage, IHttpApi, IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EndpointIntegration } from './integration';
import { rememberStage } from './route-limits';
import { McpCorsOptions, McpThrottling } from '../mcp-rust-lambda-props';

/** Headers that the protocol's clients send; the wildcard of the Fetch standard would leave out `authorization`. */
const ALLOW_HEADERS = [
  'authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id', 'last-event-id',
];

/** Headers of the answer that the protocol's clients read. */
const EXPOSE_HEADERS = ['mcp-session-id', 'mcp-protocol-version', 'www-authenticate'];

/** The server, not the gateway, answers 405 to the methods that it does not serve. */
const METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE];

const DEFAULT_RATE_LIMIT = 100;
const DEFAULT_BURST_LIMIT = 200;

/**
 * What the gateway in front of a server needs to know.
 *
 * @internal
 */
export interface HttpApiEndpointProps {
  readonly handler: IFunction;
  readonly path: string;
  readonly throttling?: McpThrottling;
  readonly cors?: McpCorsOptions;
  readonly accessLogGroup?: ILogGroup;

  /** Closes the gateway's own address. */
  readonly disableDefaultEndpoint?: boolean;
}

/**
 * Who may pass.
 *
 * @internal
 */
export interface RouteAuth {
  readonly authorizer?: IHttpRouteAuthorizer;

  /** A token must have one of them. */
  readonly scopes?: string[];
}

/**
 * Makes an HTTP API with a `$default` stage: the path of the MCP endpoint is all of the URL's path.
 *
 * @internal
 */
export function createHttpApi(scope: Construct, props: HttpApiEndpointProps): HttpApi {
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
  return httpApi;
}

/**
 * Leads the methods of the MCP path to the function.
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
 * The address of an HTTP API without a path. An imported API often knows its id only, and a closed one does not tell.
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
    throw new Error('cors.allowOrigins is empty: name the origins that may call the server, such as https://app.example.com, or leave cors out');
  }
  return {
    allowOrigins: cors.allowOrigins,
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
    allowHeaders: [...new Set([...ALLOW_HEADERS, ...(cors.additionalAllowHeaders ?? []).map(lower)])],
    exposeHeaders: [...new Set([...EXPOSE_HEADERS, ...(cors.additionalExposeHeaders ?? []).map(lower)])],
    allowCredentials: cors.allowCredentials,
    maxAge: cors.maxAge ?? Duration.hours(1),
  };
}

function checkOrigin(origin: string): void {
  if (!Token.isUnresolved(origin) && !/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#*@]+$/i.test(origin)) {
    throw new Error(`cors.allowOrigins has ${JSON.stringify(origin)}, which is no origin: give a scheme, a host and perhaps a port, without a path and `
      + 'without *, such as https://app.example.com');
  }
}

function lower(header: string): string {
  return header.toLowerCase();
}

/** One JSON line for each request; neither headers nor query are in it, so that no token is logged. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    requestId: AccessLogField.contextRequestId(),
    // Of Lambda: what the function's own lines have. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
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
