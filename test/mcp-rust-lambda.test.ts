import { App, Duration, Intrinsic, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApplicationLogLevel, Architecture, CfnFunction, LoggingFormat, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { McpAuth, McpRustLambda } from '../src';
import { prebuilt, statements, synthesize } from './support/prebuilt';

describe('the function', () => {
  test('has the defaults of a small MCP server', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'provided.al2023',
      Handler: 'bootstrap',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 29,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^ServerLogGroup') } },
      TracingConfig: { Mode: 'Active' },
      Environment: { Variables: { MCP_PATH: '/mcp', MCP_AUTH_MODE: 'none', MCP_ALLOWED_ORIGINS: Match.absent() } },
    });
  });

  test('takes what a function takes', () => {
    const { template } = synthesize({
      architecture: Architecture.X86_64,
      memorySize: 1024,
      timeout: Duration.seconds(10),
      environment: { RUST_LOG: 'debug' },
      reservedConcurrentExecutions: 5,
      loggingFormat: LoggingFormat.TEXT,
      tracing: Tracing.DISABLED,
      description: 'Searches books',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
      MemorySize: 1024,
      Timeout: 10,
      ReservedConcurrentExecutions: 5,
      Description: Match.stringLikeRegexp('^Searches books \\[configuration '),
      LoggingConfig: { LogFormat: 'Text' },
      TracingConfig: Match.absent(),
      Environment: { Variables: { MCP_PATH: '/mcp', RUST_LOG: 'debug' } },
    });
  });

  test('follows the architecture that the context names', () => {
    const { template } = synthesize({}, { 'pmcp-deploy:architecture': 'x86_64' });
    template.hasResourceProperties('AWS::Lambda::Function', { Architectures: ['x86_64'] });
    expect(() => synthesize({}, { 'pmcp-deploy:architecture': 'riscv' })).toThrow(
      'context pmcp-deploy:architecture is "riscv": it must be arm64 or x86_64');
  });

  test('warns of a timeout that the gateway cuts short', () => {
    const { stack } = synthesize({ timeout: Duration.seconds(30) });
    Annotations.fromStack(stack).hasWarning('/Stack/Server', Match.stringLikeRegexp('timeout is 30 s, but the HTTP API answers 503 after 30 s'));
    expect(Annotations.fromStack(synthesize().stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('aws A2: Lambda lets the lines pass that the server is asked for', () => {
  const levelOf = (props: Parameters<typeof synthesize>[0]) => {
    const [{ Properties }] = Object.values(synthesize(props).template.findResources('AWS::Lambda::Function'));
    return Properties.LoggingConfig.ApplicationLogLevel;
  };

  test.each([
    [undefined, 'INFO'],
    ['', 'INFO'],
    ['debug', 'DEBUG'],
    ['DEBUG', 'DEBUG'],
    ['trace', 'TRACE'],
    ['warn,pmcp=debug', 'DEBUG'],
    ['debug,hyper=off', 'DEBUG'],
    ['info, weather::api = trace', 'TRACE'],
    ['weather[span{field="a=b"}]=debug', 'DEBUG'],
    ['weather', 'TRACE'],
    ['4', 'DEBUG'],
    ['warn,', 'INFO'],
    // Lines without a level, such as metrics and panics, count as INFO: no stricter filter.
    ['warn', 'INFO'],
    ['error', 'INFO'],
    ['off', 'INFO'],
    ['debug=info', 'INFO'],
    ['weather=verbose', 'INFO'],
  ])('RUST_LOG=%s: %s', (level, expected) => {
    expect(levelOf({ environment: level === undefined ? {} : { RUST_LOG: level } })).toBe(expected);
  });

  test('also where RUST_LOG is added later', () => {
    const { server, stack } = synthesize((scope) => ({ code: prebuilt(), description: scope.stackName }));
    expect(stack.resolve((server.function.node.defaultChild as CfnFunction).loggingConfig)).toMatchObject({ applicationLogLevel: 'INFO' });
    const app = new App();
    const later = new McpRustLambda(new Stack(app, 'Later'), 'Server', { code: prebuilt(), auth: McpAuth.none() }).addEnvironment('RUST_LOG', 'debug');
    Template.fromStack(Stack.of(later)).hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { ApplicationLogLevel: 'DEBUG' } });
  });

  test('unless the level is given, or the logs are plain text, which Lambda does not filter', () => {
    expect(levelOf({ applicationLogLevelV2: ApplicationLogLevel.WARN, environment: { RUST_LOG: 'debug' } })).toBe('WARN');
    expect(levelOf({ applicationLogLevel: 'ERROR', environment: { RUST_LOG: 'debug' } })).toBe('ERROR');
    expect(levelOf({ loggingFormat: LoggingFormat.TEXT, environment: { RUST_LOG: 'debug' } })).toBeUndefined();
    synthesize({ systemLogLevelV2: SystemLogLevel.DEBUG }).template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { ApplicationLogLevel: 'INFO', SystemLogLevel: 'DEBUG' },
    });
  });
});

describe('what the server is told', () => {
  const variablesOf = (props: Parameters<typeof synthesize>[0]) => {
    const [{ Properties }] = Object.values(synthesize(props).template.findResources('AWS::Lambda::Function'))
      .filter((resource) => resource.Properties.Handler === 'bootstrap');
    return Properties.Environment.Variables;
  };

  test('security M10: who may call', () => {
    expect(variablesOf({}).MCP_AUTH_MODE).toBe('none');
    expect(variablesOf({ auth: undefined }).MCP_AUTH_MODE).toBe('none');
    expect(variablesOf({ auth: McpAuth.iam() }).MCP_AUTH_MODE).toBe('iam');
    expect(variablesOf({ auth: McpAuth.jwt({ issuer: 'https://login.example.com', scopes: ['mcp/read'] }) }).MCP_AUTH_MODE).toBe('jwt');
    expect(variablesOf({ auth: McpAuth.cognito() }).MCP_AUTH_MODE).toBe('cognito');
  });

  test('security L12: which origins may call', () => {
    expect(variablesOf({ cors: { allowOrigins: ['https://a.example', 'http://localhost:6274'] } }).MCP_ALLOWED_ORIGINS).toBe('https://a.example http://localhost:6274');
    expect(variablesOf({}).MCP_ALLOWED_ORIGINS).toBeUndefined();
    // Without cors, the origins are known to whoever does CORS: the owner of a shared API, or a CloudFront distribution in front.
    expect(variablesOf({ environment: { MCP_ALLOWED_ORIGINS: 'https://b.example' } }).MCP_ALLOWED_ORIGINS).toBe('https://b.example');
    const origin = Token.asString(new Intrinsic({ Ref: 'Origin' }));
    expect(variablesOf({ cors: { allowOrigins: [origin, 'https://c.example'] } }).MCP_ALLOWED_ORIGINS).toEqual({ 'Fn::Join': ['', [{ Ref: 'Origin' }, ' https://c.example']] });
  });

  test.each([
    [{ environment: { MCP_PATH: '/other' } }, 'environment.MCP_PATH is "/other", but the endpoint\'s path is "/mcp": set path only'],
    [{ environment: { MCP_AUTH_MODE: 'none' }, auth: McpAuth.iam() }, 'environment.MCP_AUTH_MODE is "none", but the mode of auth is "iam": set auth only'],
    [{ environment: { MCP_AUTH_MODE: '' } }, 'environment.MCP_AUTH_MODE is "", but the mode of auth is "none": set auth only'],
    [
      { environment: { MCP_ALLOWED_ORIGINS: '*' }, cors: { allowOrigins: ['https://a.example'] } },
      'environment.MCP_ALLOWED_ORIGINS is "*", but the list of cors.allowOrigins is "https://a.example": set cors only',
    ],
  ])('refuses %j', (props, message) => {
    expect(() => synthesize(props)).toThrow(message);
  });

  test('refuses a contradiction that is added later, and secrets of those names', () => {
    const { server } = synthesize();
    expect(() => server.addEnvironment('MCP_AUTH_MODE', 'cognito')).toThrow('environment.MCP_AUTH_MODE is "cognito", but the mode of auth is "none": set auth only');
    expect(() => server.addEnvironment('constructor', 'x').addEnvironment('MCP_AUTH_MODE', 'none')).not.toThrow();
    for (const name of ['MCP_PATH', 'MCP_AUTH_MODE']) {
      expect(() => synthesize((stack) => ({ secrets: { [name]: { secret: Secret.fromSecretNameV2(stack, 'Given', 'a') } } }))).toThrow(`secrets.${name} would set what`);
    }
  });

  test('has to fit into 4,096 bytes', () => {
    const room = 4096 - Buffer.byteLength('MCP_PATH/mcpMCP_AUTH_MODEnoneTEXT');
    expect(() => synthesize({ environment: { TEXT: 'x'.repeat(room) } })).not.toThrow();
    expect(() => synthesize({ environment: { TEXT: 'x'.repeat(room + 1) } })).toThrow('the environment variables have 4097 bytes, names and values together, and Lambda allows 4096');
  });
});

describe('the role', () => {
  test('may write to the log group, trace, and nothing else', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    expect(statements(template)).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ServerLogGroup/), 'Arn'] } },
      { Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Effect: 'Allow', Resource: '*' },
    ]);
  });

  test('may manage network interfaces in a VPC', () => {
    const { template } = synthesize((stack) => ({ vpc: new Vpc(stack, 'Vpc') }));
    expect(statements(template)).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['ec2:CreateNetworkInterface']) }));
    template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }) });
  });

  test('can be given', () => {
    const { template } = synthesize((stack) => ({ role: new Role(stack, 'Given', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) }));
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Given'), 'Arn'] } });
  });

  test('is what grants go to', () => {
    const stack = new Stack(new App(), 'Stack');
    const server = new McpRustLambda(stack, 'Server', { code: prebuilt() });
    new Bucket(stack, 'Bucket').grantRead(server);
    server.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] }));
    const actions = statements(Template.fromStack(stack)).map((statement) => statement.Action);
    expect(actions).toContainEqual(['s3:GetObject*', 's3:GetBucket*', 's3:List*']);
    expect(actions).toContainEqual('sqs:SendMessage');
  });
});

describe('the log groups', () => {
  test('are kept a month, and go with the stack', () => {
    const { template } = synthesize();
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
    template.resourceCountIs('Custom::LogRetention', 0);
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
  });

  test("aws B6: the gateway's has a name that needs no room in the account's policy, of this lifetime of the stack", () => {
    const { template } = synthesize();
    const names = Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.LogGroupName);
    expect(names).toEqual([undefined, {
      'Fn::Join': ['', [
        expect.stringMatching(/^\/aws\/vendedlogs\/apis\/Stack-Server-[0-9A-F]{8}-$/),
        { 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] },
      ]],
    }]);
  });

  test('aws B6: the name is legal and of one server, whatever the ids are', () => {
    const app = new App();
    const scope = new Construct(new Stack(app, 'A-Stack'), 'ünïcode / and $igns');
    const names = ['a', 'b', 'x'.repeat(250)].map((id) => {
      const { accessLogGroup } = new McpRustLambda(scope, id, { code: prebuilt(), auth: McpAuth.none(), outputPrefix: `s${id.slice(0, 9)}` });
      const { logGroupName } = accessLogGroup!.node.defaultChild as CfnLogGroup;
      return Stack.of(scope).resolve(logGroupName)['Fn::Join'][1][0];
    });
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[.\-_/#A-Za-z0-9]{1,500}$/);
  });

  test('are kept as long as told', () => {
    const { template } = synthesize({ logGroupRetention: RetentionDays.ONE_YEAR, logGroupRemovalPolicy: RemovalPolicy.RETAIN });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
  });

  test('can be one that exists', () => {
    const { server, template } = synthesize((stack) => ({ logGroup: LogGroup.fromLogGroupName(stack, 'Given', 'given'), accessLogs: false }));
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: 'given' } });
    expect(server.logGroup.logGroupName).toBe('given');
  });
});

describe('the HTTP API', () => {
  test('leads GET, POST and DELETE of the MCP path to the function', () => {
    const { template } = synthesize();
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map((route) => route.Properties.RouteKey);
    expect(routes.sort()).toEqual(['DELETE /mcp', 'GET /mcp', 'POST /mcp']);
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    template.resourceCountIs('AWS::Lambda::Permission', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
  });

  test('has a $default stage with throttling and access logs', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServerAccessLogGroup'), 'Arn'] } },
    });
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(JSON.parse(stage.Properties.AccessLogSettings.Format)).toMatchObject({
      status: '$context.status', path: '$context.path', requestId: '$context.requestId', integrationRequestId: '$context.integration.requestId',
    });
    expect(stage.Properties.AccessLogSettings.Format.length).toBeLessThan(3000);
    expect(stage.Properties.AccessLogSettings.Format).not.toMatch(/header|querystring|claims/i);
  });

  test('takes other limits and no access logs', () => {
    const { template } = synthesize({ throttling: { rateLimit: 5, burstLimit: 7 }, accessLogs: false });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 },
      AccessLogSettings: Match.absent(),
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    expect(template.findOutputs('ServerAccessLogGroupName')).toEqual({});
  });

  test('serves the root path', () => {
    const { server, template } = synthesize({ path: '/' });
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map((route) => route.Properties.RouteKey);
    expect(routes.sort()).toEqual(['DELETE /', 'GET /', 'POST /']);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { MCP_PATH: '/' } } });
    expect(server.path).toBe('/');
  });

  test('can be shared by several servers', () => {
    const stack = new Stack(new App(), 'Stack');
    const httpApi = new HttpApi(stack, 'Api');
    const search = new McpRustLambda(stack, 'Search', { code: prebuilt(), httpApi, path: '/search' });
    new McpRustLambda(stack, 'Chat', { code: prebuilt(), httpApi, path: '/chat' });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 6);
    template.hasOutput('SearchMcpUrl', { Value: stack.resolve(search.url) });
    template.hasOutput('ChatMcpUrl', {});
  });

  test('can be one that was imported by its id', () => {
    const { stack, server } = synthesize((scope) => ({ httpApi: HttpApi.fromHttpApiAttributes(scope, 'Api', { httpApiId: 'abc' }) }));
    expect(stack.resolve(server.url)).toEqual({
      'Fn::Join': ['', ['https://abc.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/mcp']],
    });
  });
});

describe('CORS', () => {
  test('is off unless asked for', () => {
    synthesize().template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
  });

  test('allows and exposes the headers of the protocol', () => {
    const { template } = synthesize({ cors: { allowOrigins: ['https://app.example.com'], additionalAllowHeaders: ['X-Team'], allowCredentials: true } });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://app.example.com'],
        AllowMethods: ['GET', 'POST', 'DELETE'],
        AllowHeaders: ['authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id', 'last-event-id', 'x-team'],
        ExposeHeaders: ['mcp-session-id', 'mcp-protocol-version', 'www-authenticate'],
        AllowCredentials: true,
        MaxAge: 86_400,
      },
    });
  });

  test.each(['*', 'https://*.example.com', 'app.example.com', 'https://app.example.com/', 'https://'])('refuses the origin %s', (origin) => {
    expect(() => synthesize({ cors: { allowOrigins: [origin] } })).toThrow(
      `cors.allowOrigins has ${JSON.stringify(origin)}, which is not an origin: use a scheme, a host and an optional port, without a path and without "*", such as https://app.example.com`);
  });

  test('refuses an empty list', () => {
    expect(() => synthesize({ cors: { allowOrigins: [] } })).toThrow('cors.allowOrigins is empty');
  });
});

describe('the outputs', () => {
  const names = ['AccessLogGroupName', 'ApiId', 'ApiUrl', 'FunctionArn', 'FunctionName', 'FunctionVersion', 'LogGroupName', 'McpAuth', 'McpUrl', 'RoleArn'];

  test('begin with the id', () => {
    expect(Object.keys(synthesize().template.toJSON().Outputs).sort()).toEqual(names.map((name) => `Server${name}`));
  });

  test('begin with the prefix', () => {
    expect(Object.keys(synthesize({ outputPrefix: 'Search' }).template.toJSON().Outputs).sort()).toEqual(names.map((name) => `Search${name}`));
  });

  test('tell the URL with the path', () => {
    const { template } = synthesize({ path: '/tools/mcp' });
    template.hasOutput('ServerMcpUrl', { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^ServerHttpApi'), 'ApiEndpoint'] }, '/tools/mcp']] } });
  });
});

describe('the metrics', () => {
  const { stack, server } = synthesize();
  test.each([
    ['Invocations', 'AWS/Lambda', server.metricInvocations()],
    ['Errors', 'AWS/Lambda', server.metricErrors()],
    ['Duration', 'AWS/Lambda', server.metricDuration()],
    ['Throttles', 'AWS/Lambda', server.metricThrottles()],
    ['ConcurrentExecutions', 'AWS/Lambda', server.metric('ConcurrentExecutions')],
    ['Count', 'AWS/ApiGateway', server.metricRequests()],
    ['4xx', 'AWS/ApiGateway', server.metricClientErrors()],
    ['5xx', 'AWS/ApiGateway', server.metricServerErrors()],
    ['Latency', 'AWS/ApiGateway', server.metricLatency()],
  ])('%s is of %s', (name, namespace, metric) => {
    expect(metric).toMatchObject({ metricName: name, namespace });
    expect(Object.keys(stack.resolve(metric.dimensions))).toEqual([namespace === 'AWS/Lambda' ? 'FunctionName' : 'ApiId']);
  });
});

test('grantInvoke and addEnvironment act on the function', () => {
  const stack = new Stack(new App(), 'Stack');
  const server = new McpRustLambda(stack, 'Server', { code: prebuilt() });
  server.addEnvironment('RUST_LOG', 'info').grantInvoke(new AccountPrincipal('123456789012'));
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { RUST_LOG: 'info' } } });
  template.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', Principal: '123456789012' });
});

describe('refuses', () => {
  test.each(['', 'mcp', '/mcp/', '/m cp', '/mcp?x', '/mcp#x', '/{proxy+}', '/mcp\n'])('the path %j', (path) => {
    expect(() => synthesize({ path })).toThrow(`path is ${JSON.stringify(path)}: it must begin with "/"`);
  });

  test('a prefix that can be no output name', () => {
    expect(() => synthesize({ outputPrefix: '1-x' })).toThrow('outputPrefix is "1-x": it must begin with a letter and have only letters and digits, such as "Search"');
  });

  test('logRetention', () => {
    expect(() => synthesize({ logRetention: RetentionDays.ONE_DAY })).toThrow('logRetention would add a custom resource: set logGroupRetention instead');
  });

  test('limits of a stage that is not ours', () => {
    expect(() => synthesize((stack) => ({ httpApi: new HttpApi(stack, 'Api'), throttling: {}, accessLogs: true }))).toThrow(
      'throttling, accessLogs cannot be combined with httpApi: configure the stage, CORS and domains of that HTTP API');
  });

  test('a retention that nothing would have', () => {
    expect(() => synthesize((stack) => ({ logGroup: new LogGroup(stack, 'Given'), accessLogs: false, logGroupRetention: RetentionDays.ONE_DAY }))).toThrow(
      'logGroupRetention and logGroupRemovalPolicy have no effect: logGroup is given and accessLogs is false');
  });
});
