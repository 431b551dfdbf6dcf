import {
  ApiGatewayV2Client, CreateApiCommand, CreateAuthorizerCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CognitoIdentityProviderClient, CreateManagedLoginBrandingCommand, CreateResourceServerCommand, CreateUserPoolClientCommand,
  CreateUserPoolCommand, CreateUserPoolDomainCommand, DeleteManagedLoginBrandingCommand, DescribeManagedLoginBrandingByClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  InvokeCommand, LambdaClient, ListVersionsByFunctionCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { startIssuer, type Issuer } from './support/issuer';
import { sign } from './support/jwt';
import type { LocalClient } from './support/local-aws';
import { createFunction, ROLE, send, startOwn, stopOwn, zip } from './support/own-local-aws';

/** Where an API looks for a token. */
const HEADER = '$request.header.Authorization';

let owner: LocalClient;
let apis: ApiGatewayV2Client;
let cognito: CognitoIdentityProviderClient;
let lambda: LambdaClient;
let cloudFormation: CloudFormationClient;

beforeAll(async () => {
  owner = await startOwn();
  apis = new ApiGatewayV2Client({ ...owner, maxAttempts: 1 });
  cognito = new CognitoIdentityProviderClient(owner);
  lambda = new LambdaClient(owner);
  cloudFormation = new CloudFormationClient(owner);
});

afterAll(() => stopOwn());

const scopes = (count: number) => Array.from({ length: count }, (_, index) => `mcp/scope-${index}`);

async function newApi(name: string): Promise<string> {
  return (await apis.send(new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }))).ApiId!;
}

async function newPool(name: string): Promise<string> {
  return (await cognito.send(new CreateUserPoolCommand({ PoolName: name }))).UserPool!.Id!;
}

async function newClient(pool: string, name: string): Promise<string> {
  return (await cognito.send(new CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: name }))).UserPoolClient!.ClientId!;
}

/** Deploys a stack and waits for it; gives its last status, and why resources failed. */
async function deploy(name: string, resources: object, update = false): Promise<{ status: string; reasons: string }> {
  const TemplateBody = JSON.stringify({ Resources: resources });
  if (update) await cloudFormation.send(new UpdateStackCommand({ StackName: name, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
  else await cloudFormation.send(new CreateStackCommand({ StackName: name, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
  for (;;) {
    const status = (await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0].StackStatus!;
    if (!status.endsWith('_IN_PROGRESS')) {
      const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: name }));
      return { status, reasons: StackEvents!.map((event) => event.ResourceStatusReason ?? '').join('\n') };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('aws A5: HTTP APIs', () => {
  const jwt = { Issuer: 'https://issuer.example', Audience: ['a'] };

  test('a route has at most 10 authorization scopes', async () => {
    const ApiId = await newApi('scopes');
    const { RouteId } = await apis.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /', AuthorizationScopes: scopes(10) }));
    const refused = { name: 'BadRequestException', message: 'A route has at most 10 authorization scopes' };
    const create = new CreateRouteCommand({ ApiId, RouteKey: 'GET /b', AuthorizationScopes: scopes(11) });
    await expect(apis.send(create)).rejects.toMatchObject(refused);
    await expect(apis.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationScopes: scopes(11) }))).rejects.toMatchObject(refused);
  });

  test('an API has at most 10 authorizers', async () => {
    const ApiId = await newApi('authorizers');
    const authorizer = (index: number) => new CreateAuthorizerCommand({
      ApiId, AuthorizerType: 'JWT', Name: `a${index}`, IdentitySource: [HEADER], JwtConfiguration: jwt,
    });
    for (let index = 0; index < 10; index++) await apis.send(authorizer(index));
    await expect(apis.send(authorizer(10))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  test('in a stack, both fail it', async () => {
    const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } };
    const route = (count: number) => ({
      Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'GET /', AuthorizationScopes: scopes(count) },
    });
    expect(await deploy('ten-scopes', { Api: api, Route: route(10) })).toMatchObject({ status: 'CREATE_COMPLETE' });
    const eleven = await deploy('eleven-scopes', { Api: api, Route: route(11) });
    expect(eleven.status).toBe('ROLLBACK_COMPLETE');
    expect(eleven.reasons).toContain('A route has at most 10 authorization scopes');
    const authorizers = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`Authorizer${index}`, {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: { ApiId: { Ref: 'Api' }, AuthorizerType: 'JWT', Name: `a${index}`, IdentitySource: [HEADER], JwtConfiguration: jwt },
    }]));
    expect((await deploy('eleven-authorizers', { Api: api, ...authorizers })).reasons).toContain('An API has at most 10 authorizers');
  });
});

describe('aws A4: claims of a token', () => {
  let issuer: Issuer;

  beforeAll(async () => {
    issuer = await startIssuer([]);
  });

  afterAll(() => issuer.close());

  test('a list comes to the function as the text "[a b]"', async () => {
    await createFunction(lambda, 'claims', [
      'import json', 'def handler(event, context):',
      '    return {"statusCode": 200, "body": json.dumps(event["requestContext"]["authorizer"]["jwt"])}',
    ].join('\n'));
    const ApiId = await newApi('claims');
    const { AuthorizerId } = await apis.send(new CreateAuthorizerCommand({
      ApiId,
      AuthorizerType: 'JWT',
      Name: 'jwt',
      IdentitySource: [HEADER],
      JwtConfiguration: { Issuer: issuer.url, Audience: ['me'] },
    }));
    const { IntegrationId } = await apis.send(new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:claims',
      PayloadFormatVersion: '2.0',
    }));
    await apis.send(new CreateRouteCommand({
      ApiId, RouteKey: 'GET /', Target: `integrations/${IntegrationId}`, AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes: ['b'],
    }));
    await apis.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    const seconds = Math.floor(Date.now() / 1000);
    const token = sign(issuer.key, { iss: issuer.url, aud: 'me', iat: seconds - 5, exp: seconds + 60, scp: ['a', 'b'] });
    const { status, body } = await send(owner.endpoint, {
      method: 'GET', path: `/_aws/execute-api/${ApiId}`, headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ claims: { scp: '[a b]', aud: 'me' } });
  });
});

describe('aws A1: user pools', () => {
  test('20 managed login styles, one for each client, and room again after one is deleted', async () => {
    const UserPoolId = await newPool('styles');
    const style = async (ClientId: string) => cognito.send(
      new CreateManagedLoginBrandingCommand({ UserPoolId, ClientId, UseCognitoProvidedValues: true }),
    );
    const first = await newClient(UserPoolId, 'c');
    await style(first);
    await expect(style(first)).rejects.toMatchObject({ name: 'ManagedLoginBrandingExistsException' });
    for (let index = 1; index < 20; index++) await style(await newClient(UserPoolId, 'c'));
    const late = await newClient(UserPoolId, 'c');
    await expect(style(late)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const { ManagedLoginBranding } = await cognito.send(new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId: first }));
    const { ManagedLoginBrandingId } = ManagedLoginBranding!;
    await cognito.send(new DeleteManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId }));
    await style(late);
  });

  test('a stack can have a style', async () => {
    const resources = {
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'in-stack' } },
      Client: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Pool' } } },
      Style: {
        Type: 'AWS::Cognito::ManagedLoginBranding',
        Properties: { UserPoolId: { Ref: 'Pool' }, ClientId: { Ref: 'Client' }, UseCognitoProvidedValues: true },
      },
    };
    expect(await deploy('style', resources)).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test('1,000 app clients, and 100 callback addresses of one', async () => {
    const pool = await newPool('clients');
    const urls = (count: number) => Array.from({ length: count }, (_, index) => `http://localhost:${index + 1}/`);
    await cognito.send(new CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: 'c', CallbackURLs: urls(100) }));
    await expect(cognito.send(new CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: 'c', CallbackURLs: urls(101) })))
      .rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining('callbackURLs') });
    for (let index = 1; index < 1000; index += 111) await Promise.all(Array.from({ length: 111 }, async () => newClient(pool, 'c')));
    await expect(newClient(pool, 'one too many')).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  test('aws A6: an identifier belongs to one resource server, a domain prefix to one pool', async () => {
    const UserPoolId = await newPool('servers');
    await cognito.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'mcp', Name: 'mcp' }));
    await expect(cognito.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'mcp', Name: 'other' })))
      .rejects.toMatchObject({ name: 'InvalidParameterException' });
    const server = { Type: 'AWS::Cognito::UserPoolResourceServer', Properties: { UserPoolId, Identifier: 'mcp', Name: 'mcp' } };
    const second = await deploy('second-server', { Server: server });
    expect(second.status).toBe('ROLLBACK_COMPLETE');
    expect(second.reasons).toContain('Resource server mcp already exists');
    await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'taken' }));
    await expect(cognito.send(new CreateUserPoolDomainCommand({ UserPoolId: await newPool('other'), Domain: 'taken' })))
      .rejects.toMatchObject({ name: 'InvalidParameterException' });
    const domain = { Type: 'AWS::Cognito::UserPoolDomain', Properties: { UserPoolId: await newPool('third'), Domain: 'taken' } };
    expect(await deploy('taken-domain', { Domain: domain })).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
  });
});

describe('aws A2: log levels', () => {
  const TIME = '2026-01-01T00:00:00.000Z';
  const line = (level: string, more: object = { timestamp: TIME }) => JSON.stringify({ level, message: `a ${level} line`, ...more });
  const lines = [
    line('TRACE'), line('debug'), line('INFO'), line('Warn'), line('ERROR'), line('DEBUG', {}),
    JSON.stringify({ message: 'no level' }), 'plain text',
  ];
  const source = `import os\ndef handler(event, context):\n    print(${JSON.stringify(lines.join('\n'))})\n`
    + '    return {name: os.environ.get(name) for name in ("AWS_LAMBDA_LOG_LEVEL", "AWS_LAMBDA_LOG_FORMAT")}\n';

  test.each([
    ['JSON', undefined, { AWS_LAMBDA_LOG_LEVEL: 'INFO', AWS_LAMBDA_LOG_FORMAT: 'JSON' }, [2, 3, 4, 5, 6, 7]],
    ['JSON', 'TRACE', { AWS_LAMBDA_LOG_LEVEL: 'TRACE', AWS_LAMBDA_LOG_FORMAT: 'JSON' }, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['JSON', 'DEBUG', { AWS_LAMBDA_LOG_LEVEL: 'DEBUG', AWS_LAMBDA_LOG_FORMAT: 'JSON' }, [1, 2, 3, 4, 5, 6, 7]],
    ['JSON', 'ERROR', { AWS_LAMBDA_LOG_LEVEL: 'ERROR', AWS_LAMBDA_LOG_FORMAT: 'JSON' }, [4, 7]],
    ['Text', undefined, { AWS_LAMBDA_LOG_LEVEL: null, AWS_LAMBDA_LOG_FORMAT: 'Text' }, [0, 1, 2, 3, 4, 5, 6, 7]],
  ] as const)('format %s, application level %s', async (LogFormat, ApplicationLogLevel, environment, kept) => {
    const name = `logs-${LogFormat}-${ApplicationLogLevel}`;
    await createFunction(lambda, name, source, { LoggingConfig: { LogFormat, ApplicationLogLevel } });
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: name }));
    expect(JSON.parse(Buffer.from(Payload!).toString())).toEqual(environment);
    const { events } = await new CloudWatchLogsClient(owner).send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    const messages = events!.map(({ message }) => message!).filter((message) => !/^(START|END|REPORT) /.test(message));
    expect(messages).toEqual(kept.map((index) => lines[index]));
  });
});

describe('custom resources', () => {
  const PYTHON = `
import json, urllib.request
def handler(event, context):
    answer = {name: event[name] for name in ('StackId', 'RequestId', 'LogicalResourceId')}
    answer.update(Status='SUCCESS', PhysicalResourceId='thing')
    urllib.request.urlopen(urllib.request.Request(event['ResponseURL'], json.dumps(answer).encode(), method='PUT'))
`;
  // As the "cfn-response" module of Lambda does.
  const NODE = `
exports.handler = async ({ ResponseURL, StackId, RequestId, LogicalResourceId }) => {
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, Status: 'SUCCESS', PhysicalResourceId: 'thing' });
  const { hostname, pathname: path } = new URL(ResponseURL);
  const headers = { 'content-type': '', 'content-length': body.length };
  await new Promise((done, failed) => {
    require('https').request({ hostname, port: 443, path, method: 'PUT', headers }, done).on('error', failed).end(body);
  });
};
`;

  test('answer at the address that they are given, from Python and from Node.js', async () => {
    await createFunction(lambda, 'answer-python', PYTHON);
    await createFunction(lambda, 'answer-node', '', { Runtime: 'nodejs22.x', Code: { ZipFile: await zip({ 'index.js': NODE }) } });
    const resource = (name: string) => ({
      Type: 'Custom::Thing', Properties: { ServiceToken: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, ServiceTimeout: 60 },
    });
    const { status, reasons } = await deploy('custom', { Python: resource('answer-python'), Node: resource('answer-node') });
    expect([status, reasons]).toEqual(['CREATE_COMPLETE', expect.any(String)]);
  });
});

describe('aws B3: versions of functions', () => {
  const FunctionName = { Ref: 'Function' };
  const version = (salt: string) => ({ [`Version${salt}`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName } } });
  const fn = (value: string, description?: string) => ({
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'versioned',
        Role: ROLE,
        Runtime: 'python3.12',
        Handler: 'index.handler',
        Code: { ZipFile: 'def handler(event, context):\n    return 1\n' },
        Environment: { Variables: { KEY: value } },
        Description: description,
      },
    },
  });
  const alias = (salt: string) => ({
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { Name: 'live', FunctionName, FunctionVersion: { 'Fn::GetAtt': [`Version${salt}`, 'Version'] } },
    },
  });

  test('a stack that publishes what has not changed fails, with the words of Lambda; a change passes', async () => {
    expect(await deploy('versions', { ...fn('a'), ...version('A'), ...alias('A') })).toMatchObject({ status: 'CREATE_COMPLETE' });
    // The pattern of the CDK: another logical id for a version of a changed function.
    expect(await deploy('versions', { ...fn('b'), ...version('B'), ...alias('B') }, true)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    const same = await deploy('versions', { ...fn('b'), ...version('C'), ...alias('C') }, true);
    expect(same.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(same.reasons).toMatch(/A version for this Lambda function exists \( 2 \). Modify the function to create a new version./);
    const described = await deploy('versions', { ...fn('b', 'described'), ...version('D'), ...alias('D') }, true);
    expect(described).toMatchObject({ status: 'UPDATE_COMPLETE' });
  });

  test('an update that changes nothing makes no new version', async () => {
    await createFunction(lambda, 'plain', 'def handler(event, context):\n    return 1\n');
    const publish = async (Description?: string) => {
      const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: 'plain', Description }));
      return Version;
    };
    expect(await publish('the first')).toBe('1');
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'plain', Timeout: 3, Environment: { Variables: {} } }));
    expect(await publish()).toBe('1');
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'plain', Timeout: 4 }));
    expect(await publish()).toBe('2');
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'plain' }));
    expect(Versions!.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });
});
