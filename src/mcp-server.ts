import { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';

/**
 * A deployed MCP server: a Lambda function behind an HTTP API.
 */
export interface IMcpServer extends IConstruct, IGrantable, IConnectable {
  /** The function that runs the server. */
  readonly function: Function;

  /** The alias that the HTTP API calls. */
  readonly alias: Alias;

  /** The HTTP API in front of the function. */
  readonly httpApi: IHttpApi;

  /** The log group of the function. */
  readonly logGroup: ILogGroup;

  /**
   * The log group of the access logs.
   *
   * @default - access logs are off, or the HTTP API is shared
   */
  readonly accessLogGroup?: ILogGroup;

  /** The URL of the MCP endpoint, for MCP clients. */
  readonly url: string;

  /** The path of the MCP endpoint. */
  readonly path: string;

  /** Grant an identity permission to invoke the function directly, bypassing the HTTP API. */
  grantInvoke(grantee: IGrantable): Grant;

  /** Return the given metric of the function. */
  metric(metricName: string, options?: MetricOptions): Metric;

  /**
   * The number of invocations of the function.
   *
   * @default - sum over 5 minutes
   */
  metricInvocations(options?: MetricOptions): Metric;

  /**
   * The number of invocations that failed: the server crashed or timed out.
   *
   * @default - sum over 5 minutes
   */
  metricErrors(options?: MetricOptions): Metric;

  /**
   * The duration of invocations, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  metricDuration(options?: MetricOptions): Metric;

  /**
   * The number of invocations that were throttled.
   *
   * @default - sum over 5 minutes
   */
  metricThrottles(options?: MetricOptions): Metric;

  /**
   * The number of requests to the HTTP API, including those to other servers on a shared API.
   *
   * @default - sample count over 5 minutes
   */
  metricRequests(options?: MetricOptions): Metric;

  /**
   * The number of requests that the HTTP API answered with a 4xx status.
   *
   * @default - sum over 5 minutes
   */
  metricClientErrors(options?: MetricOptions): Metric;

  /**
   * The number of requests that the HTTP API answered with a 5xx status.
   *
   * @default - sum over 5 minutes
   */
  metricServerErrors(options?: MetricOptions): Metric;

  /**
   * The time between a request to the HTTP API and its response, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  metricLatency(options?: MetricOptions): Metric;
}
