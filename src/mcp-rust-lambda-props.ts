import { RemovalPolicy } from 'aws-cdk-lib';
import { IHttpApi, ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { McpAuth } from './auth/mcp-auth';
import { McpCorsOptions } from './endpoint/cors-options';
import { McpDomainOptions } from './endpoint/mcp-domain';
import { McpSecretOptions } from './function/mcp-secrets';
import { McpGradualDeploymentOptions } from './function/mcp-versions';
import { McpMonitoringConfig } from './monitoring/monitoring-options';
import { RustFunctionProps } from './rust';

/**
 * Properties of `McpRustLambda`.
 *
 * They include all properties of `RustFunction`, with other defaults: `memorySize` is 512 MB, `timeout` 29 seconds (an HTTP API times out
 * after 30), `architecture` arm64, `loggingFormat` JSON, and `tracing` active. `applicationLogLevelV2` is the level of `RUST_LOG`, and at
 * least `INFO`.
 */
export interface McpRustLambdaProps extends RustFunctionProps {
  /**
   * Path of the MCP endpoint. The function gets it in the environment variable `MCP_PATH`.
   *
   * @default '/mcp'
   */
  readonly path?: string;

  /**
   * Authentication of callers. The function gets the mode in the environment variable `MCP_AUTH_MODE`: `none`, `iam`, `jwt` or `cognito`.
   *
   * @default - McpAuth.none(), with a warning that the endpoint is public
   */
  readonly auth?: McpAuth;

  /**
   * Existing HTTP API to add the server's routes to. Its stage, throttling, access logs, CORS and domains are configured on that API.
   *
   * @default - a new HTTP API with a `$default` stage
   */
  readonly httpApi?: IHttpApi;

  /**
   * Throttling of the stage, for all callers together. Not with `httpApi`.
   *
   * The default rate is a tenth of Lambda's default concurrency of 1,000, which it reaches if each request takes a second.
   *
   * @default - 100 requests per second, with bursts of 200
   */
  readonly throttling?: ThrottleSettings;

  /**
   * Write a JSON line per request to a log group of its own. Not with `httpApi`.
   *
   * @default true
   */
  readonly accessLogs?: boolean;

  /**
   * Cross-origin access for browsers. Not with `httpApi`.
   *
   * @default - none; browsers on other origins cannot call the server
   */
  readonly cors?: McpCorsOptions;

  /**
   * Custom domain of the endpoint. Not with `httpApi`.
   *
   * @default - the address that API Gateway assigns
   */
  readonly domain?: McpDomainOptions;

  /**
   * Retention of the logs of the function and of the access logs. Not with both `logGroup` and `accessLogs: false`.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logGroupRetention?: RetentionDays;

  /**
   * Removal policy of the new log groups.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logGroupRemovalPolicy?: RemovalPolicy;

  /**
   * Shift traffic to a new version gradually, with CodeDeploy.
   *
   * @default - the new version gets all requests as soon as it is deployed
   */
  readonly gradualDeployment?: McpGradualDeploymentOptions;

  /**
   * Provisioned concurrency of the live version: instances that are always initialized. They are billed while idle.
   *
   * @default - none
   */
  readonly provisionedConcurrentExecutions?: number;

  /**
   * Custom metrics, a dashboard and alarms.
   *
   * @default - none; the standard metrics of Lambda and API Gateway only
   */
  readonly monitoring?: McpMonitoringConfig;

  /**
   * Secrets of the server. The key is the name of the environment variable, or its prefix with `McpSecretDelivery.ARN`.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: McpSecretOptions };

  /**
   * Add outputs to the stack: the URL, the names of the resources, and what MCP clients need to sign in. `pmcp-deploy` finds servers by
   * them.
   *
   * @default true
   */
  readonly outputs?: boolean;

  /**
   * Prefix of the names of the stack outputs, in letters and digits. It keeps several servers of a stack apart.
   *
   * @default - the construct's id, without other characters
   */
  readonly outputPrefix?: string;
}
