import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { McpAuth } from './auth/mcp-auth';
import { McpDomainOptions } from './endpoint/mcp-domain';
import { McpSecretOptions } from './function/mcp-secrets';
import { McpGradualDeployment } from './function/mcp-versions';
import { McpMonitoringOptions } from './monitoring/monitoring-options';
import { RustFunctionProps } from './rust';

/**
 * Cross-origin access for MCP clients that run in a browser.
 */
export interface McpCorsOptions {
  /**
   * The origins that may call the server, such as `https://app.example.com`: a scheme, a host and perhaps a port.
   *
   * The wildcard `*` is refused: the gateway would let every web page that a user visits talk to the server. The server gets the list in the
   * environment variable `MCP_ALLOWED_ORIGINS`, with blanks in between, and should answer 403 to other origins.
   */
  readonly allowOrigins: string[];

  /**
   * Request headers to allow beyond those of the protocol and `authorization`, such as the `Mcp-Param-...` headers of tools whose parameters
   * clients repeat in headers.
   *
   * @default - authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, mcp-session-id, last-event-id
   */
  readonly additionalAllowHeaders?: string[];

  /**
   * Response headers to expose beyond those of the protocol.
   *
   * @default - mcp-session-id, mcp-protocol-version, www-authenticate
   */
  readonly additionalExposeHeaders?: string[];

  /**
   * Whether the browser may send cookies and client certificates.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * How long a browser may remember the answer to a preflight request.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/**
 * How many requests the gateway lets through to the server.
 */
export interface McpThrottling {
  /**
   * Requests a second, on average.
   *
   * @default 100 - a tenth of Lambda's default concurrency of 1,000, reached when each request takes a second
   */
  readonly rateLimit?: number;

  /**
   * Requests that may come at once.
   *
   * @default 200
   */
  readonly burstLimit?: number;
}

/**
 * Properties of `McpRustLambda`.
 *
 * Everything that a `RustFunction` takes is taken here too; the defaults of this construct are named with each property.
 * `memorySize` is 512 MB, `timeout` 29 seconds (the gateway gives up after 30), `architecture` arm64, `loggingFormat` JSON, `tracing` active and
 * `applicationLogLevelV2` what `RUST_LOG` asks for, at least `INFO`, where they are not given.
 */
export interface McpRustLambdaProps extends RustFunctionProps {
  /**
   * The path at which the server speaks MCP. The function gets it in the environment variable `MCP_PATH`.
   *
   * @default '/mcp'
   */
  readonly path?: string;

  /**
   * Who may call the server. The function gets the mode in the environment variable `MCP_AUTH_MODE`: `none`, `iam`, `jwt` or `cognito`.
   *
   * @default - McpAuth.none(), with a warning that the endpoint is public
   */
  readonly auth?: McpAuth;

  /**
   * An HTTP API to add the server's routes to. Its stage, throttling, access logs and CORS stay its owner's.
   *
   * @default - an HTTP API of its own with a `$default` stage
   */
  readonly httpApi?: IHttpApi;

  /**
   * Limits of the gateway's stage. Not with `httpApi`.
   *
   * @default - 100 requests a second with bursts of 200
   */
  readonly throttling?: McpThrottling;

  /**
   * Whether the gateway writes a JSON line for each request to a log group of its own. Not with `httpApi`.
   *
   * @default true
   */
  readonly accessLogs?: boolean;

  /**
   * Cross-origin access. Not with `httpApi`.
   *
   * @default - none: browsers on other origins can't call the server
   */
  readonly cors?: McpCorsOptions;

  /**
   * A domain name of your own for the endpoint. Not with `httpApi`.
   *
   * @default - the address that API Gateway gives
   */
  readonly domain?: McpDomainOptions;

  /**
   * How long the logs of the function and of the gateway are kept. Not with `logGroup` and `accessLogs: false`.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logGroupRetention?: RetentionDays;

  /**
   * What becomes of the log groups when the stack is destroyed.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logGroupRemovalPolicy?: RemovalPolicy;

  /**
   * Moves traffic to a new version step by step, instead of all at once.
   *
   * @default - all requests go to the new version as soon as it is deployed
   */
  readonly gradualDeployment?: McpGradualDeployment;

  /**
   * How many instances of the live version are kept warm at all times. They cost money while idle.
   *
   * @default - none
   */
  readonly provisionedConcurrentExecutions?: number;

  /**
   * Custom metrics, a dashboard and alarms. `{}` makes the metrics and the dashboard.
   *
   * @default - none of them; what Lambda and API Gateway measure by themselves is always there
   */
  readonly monitoring?: McpMonitoringOptions;

  /**
   * Secrets of the server, by the names of the environment variables that the server finds them by.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: McpSecretOptions };

  /**
   * What the names of the stack's outputs begin with, in letters and digits, so that several servers fit in one stack.
   *
   * @default - the construct's id
   */
  readonly outputPrefix?: string;
}
