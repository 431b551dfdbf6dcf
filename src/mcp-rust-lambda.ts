import { Annotations, Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { HttpRoute, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, ApplicationLogLevel, Architecture, EnvironmentOptions, Function, LoggingFormat, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, ILogGroupRef, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AuthBinding, McpAuth, warnPublicEndpoint } from './auth/mcp-auth';
import { accessLogGroupName } from './endpoint/access-logs';
import { HttpApiEndpointProps, addMcpRoutes, createHttpApi, endpointOf } from './endpoint/http-api';
import { addDomain, domainOf } from './endpoint/mcp-domain';
import { OwnVariables, applicationLogLevel, environmentErrors } from './function/environment';
import { createRole } from './function/mcp-role';
import { applySecrets } from './function/mcp-secrets';
import { createLiveVersion, enableVersionHashFlags } from './function/mcp-versions';
import { McpRustLambdaProps } from './mcp-rust-lambda-props';
import { checkProps } from './mcp-rust-lambda-validation';
import { IMcpServer } from './mcp-server';
import { McpMonitoring } from './monitoring/mcp-monitoring';
import { contextChoice, ContextKey } from './private/context';
import { DEFAULT_MEMORY_MB, DEFAULT_PATH, DEFAULT_TIMEOUT_SECONDS, GATEWAY_TIMEOUT_SECONDS } from './private/defaults';
import { acknowledge } from './private/nag';
import { OutputName, outputPrefix } from './private/outputs';
import { addOutputs, OutputValue } from './private/stack-outputs';
import { RustFunction } from './rust';

const GATEWAY_TIMEOUT = Duration.seconds(GATEWAY_TIMEOUT_SECONDS);
const DEFAULT_TIMEOUT = Duration.seconds(DEFAULT_TIMEOUT_SECONDS);

/**
 * An MCP server written in Rust, on AWS Lambda behind an HTTP API.
 *
 * cargo-lambda builds the crate when the stack is synthesized.
 *
 * @example
 * const server = new McpRustLambda(this, 'Server', { manifestPath: '../Cargo.toml' });
 * table.grantReadData(server);
 */
export class McpRustLambda extends Construct implements IMcpServer {
  /** The function that runs the server. */
  public readonly function: Function;

  /**
   * The alias `live`, which the HTTP API calls. A deployment publishes a version and points the alias to it. Versions of earlier
   * deployments are retained, so that `pmcp-deploy rollback` can point it back.
   */
  public readonly alias: Alias;

  /** The CodeDeploy deployment group, with `gradualDeployment`. */
  public readonly deploymentGroup?: LambdaDeploymentGroup;

  /** The HTTP API in front of the function: the given one, or a new one. */
  public readonly httpApi: IHttpApi;

  /** The log group of the function: the given one, or a new one. */
  public readonly logGroup: ILogGroup;

  /** The log group of the access logs, unless they are off or `httpApi` is given. */
  public readonly accessLogGroup?: ILogGroup;

  /** The execution role of the function: the given one, or a new one that may only write its logs. */
  public readonly role: IRole;

  /** The URL of the MCP endpoint, for MCP clients. */
  public readonly url: string;

  /**
   * The address that API Gateway assigns to the HTTP API, without a path. With `domain`, it answers only if `disableDefaultEndpoint` is
   * false.
   */
  public readonly apiUrl: string;

  /** The path of the MCP endpoint. */
  public readonly path: string;

  /** The routes of the MCP path: GET, POST and DELETE. */
  public readonly routes: HttpRoute[];

  /** The custom metrics, the dashboard and the alarms, with `monitoring`. */
  public readonly monitoring?: McpMonitoring;

  /** The user pool, with `McpAuth.cognito`. */
  public readonly userPool?: IUserPool;

  /** The OAuth client for MCP clients of users, with `McpAuth.cognito`. */
  public readonly userPoolClient?: IUserPoolClient;

  /** The OAuth client for machines, with `McpAuth.cognito` and `machineClient`. */
  public readonly machineClient?: IUserPoolClient;

  public readonly grantPrincipal: IPrincipal;

  private readonly ownVariables: OwnVariables;

  /**
   * @throws UserError if a property is invalid or contradicts another, or if the crate does not build
   */
  constructor(scope: Construct, id: string, props: McpRustLambdaProps) {
    super(scope, id);
    checkProps(props);
    enableVersionHashFlags(this);

    const retention = props.logGroupRetention ?? RetentionDays.ONE_MONTH;
    const removalPolicy = props.logGroupRemovalPolicy ?? RemovalPolicy.DESTROY;
    this.path = props.path ?? DEFAULT_PATH;
    this.ownVariables = new OwnVariables(props, this.path);
    this.logGroup = props.logGroup ? toLogGroup(this, props.logGroup) : new LogGroup(this, 'LogGroup', { retention, removalPolicy });
    this.role = props.role ?? createRole(this, this.logGroup, props);
    this.grantPrincipal = this.role.grantPrincipal;
    this.function = this.createFunction(props);
    const { alias, version, deploymentGroup } = createLiveVersion(this, { ...props, function: this.function });
    this.alias = alias;
    this.deploymentGroup = deploymentGroup;

    if (!props.httpApi && (props.accessLogs ?? true)) {
      this.accessLogGroup = new LogGroup(this, 'AccessLogGroup', { logGroupName: accessLogGroupName(this), retention, removalPolicy });
    }
    const domain = domainOf(this, props.domain);
    const isClosed = domain && (domain.disableDefaultEndpoint ?? true);
    const endpoint: HttpApiEndpointProps = {
      handler: this.alias,
      path: this.path,
      throttling: props.throttling,
      cors: props.cors,
      accessLogGroup: this.accessLogGroup,
      disableDefaultEndpoint: isClosed,
    };
    const ownApi = props.httpApi ? undefined : createHttpApi(this, endpoint);
    this.httpApi = props.httpApi ?? ownApi!.httpApi;
    this.apiUrl = endpointOf(this, this.httpApi);
    const domainTarget = ownApi && domain && addDomain(this, ownApi, domain);
    const origin = domain ? `https://${domain.domainName}` : this.apiUrl;
    this.url = `${origin}${this.path}`;
    const auth = (props.auth ?? McpAuth.none())._bind(this, {
      httpApi: this.httpApi,
      path: this.path,
      apiUrl: origin,
      url: this.url,
      logRetention: retention,
      logRemovalPolicy: removalPolicy,
    });
    this.routes = addMcpRoutes(this, this.httpApi, endpoint, auth);
    if (!props.auth) warnPublicEndpoint(this);
    else if (auth.acknowledged) this.routes.forEach((route) => acknowledge(route, 'AwsSolutions-APIG4', auth.acknowledged!));
    this.ownVariables.add('MCP_AUTH_MODE', auth.mode, 'the mode of auth', 'auth');
    this.ownVariables.apply(this.function);
    this.node.addValidation({ validate: () => environmentErrors(this.function) });
    this.userPool = auth.cognito?.userPool;
    this.userPoolClient = auth.cognito?.client;
    this.machineClient = auth.cognito?.machineClient;
    if (props.monitoring) {
      this.monitoring = new McpMonitoring(this, 'Monitoring', {
        ...props.monitoring._options, server: this, loggingFormat: props.loggingFormat,
      });
      this.monitoring.alarms.forEach((alarm) => this.deploymentGroup?.addAlarm(alarm));
    }
    if (props.outputs ?? true) {
      const outputs = this.outputs(version.version, auth, { domainTarget, isClosed });
      addOutputs(this, props.outputPrefix ?? outputPrefix(id), outputs);
      if (this.monitoring) addOutputs(this.monitoring, props.outputPrefix ?? outputPrefix(id), this.monitoring._outputs());
    }
  }

  /**
   * The network connections of the function.
   *
   * @throws if the function is not in a VPC
   */
  public get connections(): Connections {
    return this.function.connections;
  }

  /** Grant an identity permission to invoke the function directly, bypassing the HTTP API. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.function.grantInvoke(grantee);
  }

  /** Add a statement to the policy of the function's execution role. */
  public addToRolePolicy(statement: PolicyStatement): void {
    this.function.addToRolePolicy(statement);
  }

  /**
   * Add an environment variable to the function.
   *
   * @throws UserError if it contradicts a variable of the construct: `MCP_PATH`, `MCP_AUTH_MODE` and, with `cors`, `MCP_ALLOWED_ORIGINS`
   */
  public addEnvironment(key: string, value: string, options?: EnvironmentOptions): this {
    this.ownVariables.check(key, value);
    this.function.addEnvironment(key, value, options);
    return this;
  }

  /** Return the given metric of the function. */
  public metric(metricName: string, options?: MetricOptions): Metric {
    return this.function.metric(metricName, options);
  }

  /**
   * The number of invocations of the function.
   *
   * @default - sum over 5 minutes
   */
  public metricInvocations(options?: MetricOptions): Metric {
    return this.function.metricInvocations(options);
  }

  /**
   * The number of invocations that failed: the server crashed or timed out.
   *
   * @default - sum over 5 minutes
   */
  public metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /**
   * The duration of invocations, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  public metricDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  /**
   * The number of invocations that were throttled.
   *
   * @default - sum over 5 minutes
   */
  public metricThrottles(options?: MetricOptions): Metric {
    return this.function.metricThrottles(options);
  }

  /**
   * The number of requests to the HTTP API, including those to other servers on a shared API.
   *
   * @default - sample count over 5 minutes
   */
  public metricRequests(options?: MetricOptions): Metric {
    return this.httpApi.metricCount(options);
  }

  /**
   * The number of requests that the HTTP API answered with a 4xx status.
   *
   * @default - sum over 5 minutes
   */
  public metricClientErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricClientError(options);
  }

  /**
   * The number of requests that the HTTP API answered with a 5xx status.
   *
   * @default - sum over 5 minutes
   */
  public metricServerErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricServerError(options);
  }

  /**
   * The time between a request to the HTTP API and its response, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  public metricLatency(options?: MetricOptions): Metric {
    return this.httpApi.metricLatency(options);
  }

  private createFunction(props: McpRustLambdaProps): RustFunction {
    const timeout = props.timeout ?? DEFAULT_TIMEOUT;
    if (!timeout.isUnresolved() && timeout.toMilliseconds() >= GATEWAY_TIMEOUT.toMilliseconds()) {
      Annotations.of(this).addWarningV2('pmcp-deploy:timeoutBeyondGateway',
        `timeout is ${timeout.toSeconds()} s, but the HTTP API answers 503 after 30 s; set at most 29 s, so that the function answers `
        + 'first');
    }
    const secrets = applySecrets(this, props.secrets ?? {}, this.role);
    return new RustFunction(this, 'Function', {
      paramsAndSecrets: secrets.paramsAndSecrets,
      ...withoutOwnProps(props),
      memorySize: props.memorySize ?? DEFAULT_MEMORY_MB,
      timeout,
      architecture: this.contextArchitecture() ?? props.architecture ?? Architecture.ARM_64,
      environment: { ...props.environment, ...secrets.environment },
      loggingFormat: props.loggingFormat ?? LoggingFormat.JSON,
      applicationLogLevelV2: this.logLevel(props),
      tracing: props.tracing ?? Tracing.ACTIVE,
      logGroup: this.logGroup,
      role: this.role,
    });
  }

  /** The level of the properties or, resolved at synthesis, of `RUST_LOG`. Lambda does not filter plain text. */
  private logLevel(props: McpRustLambdaProps): ApplicationLogLevel | undefined {
    if (props.applicationLogLevelV2 !== undefined || props.applicationLogLevel !== undefined) return props.applicationLogLevelV2;
    return props.loggingFormat === LoggingFormat.TEXT ? undefined
      : Lazy.string({ produce: () => applicationLogLevel(this.function) }) as ApplicationLogLevel;
  }

  private contextArchitecture(): Architecture | undefined {
    const architectures = [Architecture.ARM_64, Architecture.X86_64];
    const name = contextChoice(this, ContextKey.ARCHITECTURE, architectures.map((architecture) => architecture.name));
    return architectures.find((architecture) => architecture.name === name);
  }

  private outputs(version: string, auth: AuthBinding, domain: { domainTarget?: string; isClosed?: boolean }): OutputValue[] {
    const { domainTarget, isClosed } = domain;
    const { accessLogGroup } = this;
    const output = (name: OutputName, value: string, description: string): OutputValue => ({ name, value, description });
    return [
      output(OutputName.URL, this.url, 'URL of the MCP endpoint: give this to an MCP client'),
      ...isClosed ? [] : [output(OutputName.API_URL, this.apiUrl, 'Address of the HTTP API')],
      output(OutputName.API_ID, this.httpApi.apiId, 'Id of the HTTP API'),
      output(OutputName.FUNCTION_NAME, this.function.functionName, 'Name of the Lambda function'),
      output(OutputName.FUNCTION_ARN, this.function.functionArn, 'ARN of the Lambda function'),
      output(OutputName.FUNCTION_VERSION, version, 'Version of the function that this deployment published'),
      output(OutputName.ROLE_ARN, this.role.roleArn, 'ARN of the role that the function runs as'),
      output(OutputName.LOG_GROUP_NAME, this.logGroup.logGroupName, 'Log group of the function'),
      output(OutputName.AUTH, auth.mode, 'Who may call: none (anybody), iam, jwt or cognito'),
      ...auth.outputs,
      ...domainTarget ? [output(OutputName.DOMAIN_TARGET, domainTarget, 'What the records of the domain name must point to')] : [],
      ...accessLogGroup ? [output(OutputName.ACCESS_LOG_GROUP_NAME, accessLogGroup.logGroupName, 'Log group of the access logs')] : [],
    ];
  }
}

/** The log group itself, or one imported from a mere reference. */
function toLogGroup(scope: Construct, logGroup: ILogGroupRef): ILogGroup {
  return 'grantWrite' in logGroup ? logGroup as ILogGroup : LogGroup.fromLogGroupArn(scope, 'LogGroup', logGroup.logGroupRef.logGroupArn);
}

/** The properties of the function: all except this construct's own. */
function withoutOwnProps(props: McpRustLambdaProps) {
  const {
    path, auth, httpApi, domain, throttling, accessLogs, cors, logGroupRetention, logGroupRemovalPolicy, monitoring, outputs,
    outputPrefix: prefix, gradualDeployment, provisionedConcurrentExecutions, secrets, ...functionProps
  } = props;
  return functionProps;
}
