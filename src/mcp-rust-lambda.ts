import { Annotations, CfnOutput, Duration, Lazy, RemovalPolicy, Token } from 'aws-cdk-lib';
import { HttpRoute, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Grant, IGrantable, IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, ApplicationLogLevel, Architecture, EnvironmentOptions, LoggingFormat, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, ILogGroupRef, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AuthBinding, McpAuth, warnPublicEndpoint } from './auth/mcp-auth';
import { accessLogGroupName } from './endpoint/access-logs';
import { HttpApiEndpointProps, addMcpRoutes, createHttpApi, endpointOf } from './endpoint/http-api';
import { addDomain, domainOf } from './endpoint/mcp-domain';
import { OwnVariables, applicationLogLevel, environmentErrors } from './function/environment';
import { createRole } from './function/mcp-role';
import { applySecrets, checkSecrets } from './function/mcp-secrets';
import { checkConcurrency, createLiveVersion, enableVersionHashFlags } from './function/mcp-versions';
import { McpRustLambdaProps } from './mcp-rust-lambda-props';
import { McpMonitoring } from './monitoring/mcp-monitoring';
import { acknowledge } from './private/nag';
import { RustFunction } from './rust';

/** `cdk -c` with this key, `arm64` or `x86_64`, builds for another architecture than the code says: a local AWS runs the host's only. */
const ARCHITECTURE_CONTEXT = 'pmcp-deploy:architecture';

const DEFAULT_PATH = '/mcp';
const DEFAULT_MEMORY_MB = 512;

/** An HTTP API waits 30 seconds for an answer; a function that stops just before can still say why. */
const GATEWAY_TIMEOUT = Duration.seconds(30);
const DEFAULT_TIMEOUT = Duration.seconds(29);

/**
 * An MCP server written in Rust, on AWS Lambda behind an HTTP API.
 *
 * The crate is built by cargo-lambda when the stack is synthesized.
 *
 * @example
 * const server = new McpRustLambda(this, 'Server', { manifestPath: '../Cargo.toml' });
 * table.grantReadData(server);
 */
export class McpRustLambda extends Construct implements IGrantable {
  /** The function that runs the server. */
  public readonly function: RustFunction;

  /**
   * The alias `live`, which the HTTP API calls. A deployment publishes a version and points the alias at it; versions of earlier
   * deployments stay, so that `pmcp-deploy rollback` can point it back.
   */
  public readonly alias: Alias;

  /** What moves traffic step by step, where `gradualDeployment` asks for it. */
  public readonly deploymentGroup?: LambdaDeploymentGroup;

  /** The HTTP API that leads to the function: the given one, or a new one. */
  public readonly httpApi: IHttpApi;

  /** The log group of the function: the given one, or a new one. */
  public readonly logGroup: ILogGroup;

  /** The log group of the gateway's access logs, where this construct makes the HTTP API and access logs are on. */
  public readonly accessLogGroup?: ILogGroup;

  /** The role that the function runs as: the given one, or a new one that may write its logs and nothing else. */
  public readonly role: IRole;

  /** The URL of the MCP endpoint, with the path: what an MCP client is given. */
  public readonly url: string;

  /** The address that API Gateway gave the HTTP API, without a path. With `domain`, it answers only where `disableDefaultEndpoint` is false. */
  public readonly apiUrl: string;

  /** The path of the MCP endpoint. */
  public readonly path: string;

  /** The routes of the MCP path: GET, POST and DELETE. */
  public readonly routes: HttpRoute[];

  /** The custom metrics, the dashboard and the alarms, where `monitoring` was set. */
  public readonly monitoring?: McpMonitoring;

  /** The user pool, with `McpAuth.cognito`. */
  public readonly userPool?: IUserPool;

  /** The OAuth client that people's MCP clients use, with `McpAuth.cognito`. */
  public readonly userPoolClient?: IUserPoolClient;

  /** The OAuth client for machines, with `McpAuth.cognito` and `machineClient`. */
  public readonly machineClient?: IUserPoolClient;

  public readonly grantPrincipal: IPrincipal;

  private readonly ownVariables: OwnVariables;

  /**
   * @throws when a property is out of range or does not go with another, and, where the stack is to be built, when the crate does not build.
   */
  constructor(scope: Construct, id: string, props: McpRustLambdaProps) {
    super(scope, id);
    validate(props);
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
    this.httpApi = props.httpApi ?? ownApi!;
    this.apiUrl = endpointOf(this, this.httpApi);
    const domainTarget = ownApi && domain && addDomain(this, ownApi, domain);
    const origin = domain ? `https://${domain.domainName}` : this.apiUrl;
    this.url = `${origin}${this.path}`;
    const auth = (props.auth ?? McpAuth.none())._bind(this, {
      httpApi: this.httpApi,
      ownsHttpApi: !props.httpApi,
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
      this.monitoring = new McpMonitoring(this, 'Monitoring', { ...props.monitoring, server: this, loggingFormat: props.loggingFormat });
      this.monitoring.alarms.forEach((alarm) => this.deploymentGroup?.addAlarm(alarm));
    }
    this.addOutputs(props.outputPrefix ?? id.replace(/[^A-Za-z0-9]/g, ''), version.version, auth, { domainTarget, isClosed });
  }

  /** Lets `grantee` invoke the function directly, past the gateway. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.function.grantInvoke(grantee);
  }

  /** Adds a statement to the policy of the role that the function runs as. */
  public addToRolePolicy(statement: PolicyStatement): void {
    this.function.addToRolePolicy(statement);
  }

  /**
   * Adds an environment variable to the function.
   *
   * @throws when it contradicts what the construct tells the server: `MCP_PATH`, `MCP_AUTH_MODE`, and, with `cors`, `MCP_ALLOWED_ORIGINS`
   */
  public addEnvironment(key: string, value: string, options?: EnvironmentOptions): this {
    this.ownVariables.check(key, value);
    this.function.addEnvironment(key, value, options);
    return this;
  }

  /** Any metric of the function. */
  public metric(metricName: string, options?: MetricOptions): Metric {
    return this.function.metric(metricName, options);
  }

  /** How often the function was invoked. @default - sum over 5 minutes */
  public metricInvocations(options?: MetricOptions): Metric {
    return this.function.metricInvocations(options);
  }

  /** How many invocations failed: the server crashed or ran out of time. @default - sum over 5 minutes */
  public metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /** How long the function took, in milliseconds. @default - average over 5 minutes */
  public metricDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  /** How many invocations Lambda refused for want of concurrency. @default - sum over 5 minutes */
  public metricThrottles(options?: MetricOptions): Metric {
    return this.function.metricThrottles(options);
  }

  /** How many requests reached the HTTP API, those of other servers on the same API included. @default - sample count over 5 minutes */
  public metricRequests(options?: MetricOptions): Metric {
    return this.httpApi.metricCount(options);
  }

  /** How many requests the HTTP API answered with a 4xx status. @default - sum over 5 minutes */
  public metricClientErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricClientError(options);
  }

  /** How many requests the HTTP API answered with a 5xx status. @default - sum over 5 minutes */
  public metricServerErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricServerError(options);
  }

  /** The time from a request to its answer at the HTTP API, in milliseconds. @default - average over 5 minutes */
  public metricLatency(options?: MetricOptions): Metric {
    return this.httpApi.metricLatency(options);
  }

  private createFunction(props: McpRustLambdaProps): RustFunction {
    const timeout = props.timeout ?? DEFAULT_TIMEOUT;
    if (!timeout.isUnresolved() && timeout.toMilliseconds() >= GATEWAY_TIMEOUT.toMilliseconds()) {
      Annotations.of(this).addWarningV2('pmcp-deploy:timeoutBeyondGateway',
        `timeout is ${timeout.toSeconds()} s, but the HTTP API answers 503 after 30 s; at most 29 s lets the function answer first`);
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

  /** What the properties say, or else what `RUST_LOG` says, which may be added later. Plain text is not filtered. */
  private logLevel(props: McpRustLambdaProps): ApplicationLogLevel | undefined {
    if (props.applicationLogLevelV2 !== undefined || props.applicationLogLevel !== undefined) return props.applicationLogLevelV2;
    return props.loggingFormat === LoggingFormat.TEXT ? undefined
      : Lazy.string({ produce: () => applicationLogLevel(this.function) }) as ApplicationLogLevel;
  }

  private contextArchitecture(): Architecture | undefined {
    const name = this.node.tryGetContext(ARCHITECTURE_CONTEXT);
    switch (name) {
      case undefined:
        return undefined;
      case Architecture.ARM_64.name:
        return Architecture.ARM_64;
      case Architecture.X86_64.name:
        return Architecture.X86_64;
      default:
        throw new Error(`context ${ARCHITECTURE_CONTEXT} is ${JSON.stringify(name)}: it must be arm64 or x86_64`);
    }
  }

  private addOutputs(prefix: string, version: string, auth: AuthBinding, domain: { domainTarget?: string; isClosed?: boolean }): void {
    const { domainTarget, isClosed } = domain;
    const output = (name: string, value: string, description: string) => {
      new CfnOutput(this, name, { value, description }).overrideLogicalId(prefix + name);
    };
    output('McpUrl', this.url, 'URL of the MCP endpoint: give this to an MCP client');
    if (!isClosed) output('ApiUrl', this.apiUrl, 'Address of the HTTP API');
    output('ApiId', this.httpApi.apiId, 'Id of the HTTP API');
    output('FunctionName', this.function.functionName, 'Name of the Lambda function');
    output('FunctionArn', this.function.functionArn, 'ARN of the Lambda function');
    output('FunctionVersion', version, 'Version of the function that this deployment published');
    output('RoleArn', this.role.roleArn, 'ARN of the role that the function runs as');
    output('LogGroupName', this.logGroup.logGroupName, 'Log group of the function');
    output('McpAuth', auth.mode, 'Who may call: none (anybody), iam, jwt or cognito');
    for (const [name, [value, description]] of Object.entries(auth.outputs)) output(name, value, description);
    if (domainTarget) output('DomainTarget', domainTarget, 'What the records of the domain name must point to');
    if (this.accessLogGroup) output('AccessLogGroupName', this.accessLogGroup.logGroupName, 'Log group of the access logs');
    this.monitoring?._addOutputs(prefix);
  }
}

/** A mere reference to a log group becomes one with names, grants and metrics. */
function toLogGroup(scope: Construct, logGroup: ILogGroupRef): ILogGroup {
  return 'grantWrite' in logGroup ? logGroup as ILogGroup : LogGroup.fromLogGroupArn(scope, 'LogGroup', logGroup.logGroupRef.logGroupArn);
}

/** What is left of the properties is the function's. */
function withoutOwnProps(props: McpRustLambdaProps) {
  const {
    path, auth, httpApi, domain, throttling, accessLogs, cors, logGroupRetention, logGroupRemovalPolicy, monitoring, outputPrefix,
    gradualDeployment, provisionedConcurrentExecutions, secrets, ...functionProps
  } = props;
  return functionProps;
}

function validate(props: McpRustLambdaProps): void {
  const path = props.path;
  if (path !== undefined && !Token.isUnresolved(path) && !/^\/(?:[^\s?#{}\x00-\x1f\x7f]*[^\s?#{}/\x00-\x1f\x7f])?$/.test(path)) {
    throw new Error(`path is ${JSON.stringify(path)}: it must begin with "/", must not end with "/" (but "/" alone is fine), and must not have white space, `
      + 'control characters, "?", "#", "{" or "}", such as "/mcp"');
  }
  if (props.outputPrefix !== undefined && !/^[A-Za-z][A-Za-z0-9]*$/.test(props.outputPrefix)) {
    throw new Error(`outputPrefix is ${JSON.stringify(props.outputPrefix)}: it must begin with a letter and have letters and digits only, such as "Search"`);
  }
  if (props.logRetention !== undefined) {
    throw new Error('logRetention would add a custom resource: set logGroupRetention instead, which sets the retention of the log group itself');
  }
  checkSecrets(props.secrets ?? {}, props.environment ?? {});
  checkConcurrency(props.provisionedConcurrentExecutions, props.reservedConcurrentExecutions);
  if (props.currentVersionOptions !== undefined) {
    throw new Error('currentVersionOptions would not be followed: versions are kept, and described by their asset; set provisionedConcurrentExecutions for warm instances');
  }
  if (props.httpApi) {
    const foreign = (['throttling', 'accessLogs', 'cors', 'domain'] as const).filter((name) => props[name] !== undefined);
    if (foreign.length > 0) {
      throw new Error(`${foreign.join(', ')} can't be set together with httpApi: the stage, CORS and domain names belong to the HTTP API that you give`);
    }
  }
  if (props.logGroup && props.accessLogs === false && (props.logGroupRetention !== undefined || props.logGroupRemovalPolicy !== undefined)) {
    throw new Error('logGroupRetention and logGroupRemovalPolicy have nothing to act on: logGroup is given and accessLogs is false');
  }
}
