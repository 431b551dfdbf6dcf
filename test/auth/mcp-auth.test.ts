import { App, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Mfa, ResourceServerScope, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { McpAuth, McpCognitoAuthOptions, McpRegistrationConfig, McpRustLambda, McpSocialProvider } from '../../src';
import { MetadataSettings, RegistrationSettings } from '../../src/auth/discovery/handler-settings';
import { prebuilt, synthesize } from '../support/prebuilt';

type Routes = { readonly [key: string]: Record<string, any> };

function routes(template: Template): Routes {
  return Object.fromEntries(Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey, Properties]));
}

function outputs(template: Template): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(template.findOutputs('*')).map(([name, { Value }]) => [name, Value]));
}

/** What the discovery function is told, with tokens as `<logical id>`. */
function settings(template: Template): MetadataSettings {
  const [config] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('OAuth metadata') } }))
    .map(({ Properties }) => Properties.Environment.Variables.MCP_AUTH);
  return JSON.parse(flatten(config));
}

function flatten(value: any): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map(flatten).join('');
  if (value['Fn::GetAtt']) return `<${value['Fn::GetAtt'].join('.').replace(/[0-9A-F]{8}(?=\.|$)/, '')}>`;
  return value.Ref ? `<${value.Ref.replace(/[0-9A-F]{8}$/, '')}>` : JSON.stringify(value);
}

const MCP_ROUTES = ['GET /mcp', 'POST /mcp', 'DELETE /mcp'];

describe('without auth', () => {
  test('the endpoint is public, and synth says so', () => {
    const stack = new Stack(new App(), 'Stack');
    new McpRustLambda(stack, 'Server', { code: prebuilt() });
    Annotations.fromStack(stack).hasWarning('/Stack/Server', Match.stringLikeRegexp('the MCP endpoint is public: anyone who knows its URL'));
    expect(outputs(Template.fromStack(stack)).ServerMcpAuth).toBe('none');
  });

  test('McpAuth.none() says that it is meant', () => {
    const { stack, template } = synthesize({ auth: McpAuth.none() });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Object.keys(routes(template)).sort()).toEqual([...MCP_ROUTES].sort());
    template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'NONE' });
  });
});

test('iam lets in who signs', () => {
  const { template } = synthesize({ auth: McpAuth.iam() });
  template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 3);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  expect(outputs(template).ServerMcpAuth).toBe('iam');
});

describe('jwt', () => {
  const options = { issuer: 'https://login.example.com/tenant', scopes: ['mcp/read', 'mcp/write'] };

  test('wants a token of the issuer, for this endpoint, with one of the scopes', () => {
    const { template } = synthesize({ auth: McpAuth.jwt({ ...options, audience: ['my-client'] }) });
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: {
        Issuer: 'https://login.example.com/tenant',
        Audience: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('HttpApi'), 'ApiEndpoint'] }, '/mcp']] }, 'my-client'],
      },
    });
    for (const key of MCP_ROUTES) {
      expect(routes(template)[key]).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: ['mcp/read', 'mcp/write'], AuthorizerId: { Ref: expect.any(String) } });
    }
  });

  test('serves the metadata of the resource to anybody', () => {
    const { template } = synthesize({ auth: McpAuth.jwt(options) });
    const open = Object.keys(routes(template)).filter((key) => !MCP_ROUTES.includes(key));
    expect(open.sort()).toEqual([
      'GET /.well-known/oauth-protected-resource', 'GET /.well-known/oauth-protected-resource/mcp',
      'OPTIONS /.well-known/oauth-protected-resource', 'OPTIONS /.well-known/oauth-protected-resource/mcp',
    ]);
    for (const key of open) expect(routes(template)[key]).toMatchObject({ AuthorizationType: 'NONE' });
    expect(settings(template)).toEqual({
      resource: '<ServerHttpApi.ApiEndpoint>/mcp', resourceName: 'Server', scopes: ['mcp/read', 'mcp/write'], issuer: 'https://login.example.com/tenant',
    });
    expect(outputs(template)).toMatchObject({ ServerMcpAuth: 'jwt', ServerMcpIssuer: 'https://login.example.com/tenant' });
  });

  test('knows the URL that clients use', () => {
    const { template } = synthesize({ auth: McpAuth.jwt({ ...options, resourceUrl: 'https://mcp.example.com/mcp', clientId: 'public' }) });
    expect(settings(template).resource).toBe('https://mcp.example.com/mcp');
    expect(outputs(template).ServerMcpClientId).toBe('public');
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { JwtConfiguration: { Audience: ['https://mcp.example.com/mcp'] } });
  });

  test('at the root there is one document', () => {
    const { template } = synthesize({ path: '/', auth: McpAuth.jwt(options) });
    expect(Object.keys(routes(template)).filter((key) => key.startsWith('GET'))).toEqual(expect.arrayContaining(['GET /', 'GET /.well-known/oauth-protected-resource']));
    expect(Object.keys(routes(template))).toHaveLength(5);
  });

  test.each([
    [{ ...options, scopes: [] }, 'scopes is empty: at least one scope is required, because ID tokens'],
    [{ ...options, scopes: ['a b'] }, 'scopes has "a b": a scope must be printable'],
    [{ ...options, issuer: 'http://login.example.com' }, 'issuer is "http://login.example.com": it must be an https URL'],
    [{ ...options, audience: ['client'], strictAudience: true }, 'audience has "client", which may be a client id'],
    [{ ...options, audience: Array.from({ length: 50 }, (_, index) => `a${index}`) }, 'audience has 50 values: API Gateway allows 50'],
    [{ ...options, resourceUrl: 'mcp.example.com' }, 'resourceUrl is "mcp.example.com": it must be the full https URL'],
  ])('refuses %j', (wrong, message) => {
    expect(() => McpAuth.jwt(wrong)).toThrow(message);
  });

  test('refuses a URL with another path', () => {
    expect(() => synthesize({ auth: McpAuth.jwt({ ...options, resourceUrl: 'https://mcp.example.com/v1/mcp' }) })).toThrow(
      'resourceUrl is "https://mcp.example.com/v1/mcp", but the path of the endpoint is "/mcp": it must be an origin followed by that path');
  });
});

describe('cognito', () => {
  function cognito(options: McpCognitoAuthOptions = {}, context = {}) {
    return synthesize({ auth: McpAuth.cognito(options) }, context);
  }

  test('makes a user pool that survives the stack', () => {
    const { template, server } = cognito();
    template.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        UsernameAttributes: ['email'],
        Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: true, RequireNumbers: true, RequireUppercase: true } },
      },
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 2 });
    template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 1);
    expect(server.userPool).toBeDefined();
    expect(server.machineClient).toBeUndefined();
  });

  test('has a public client with the scopes of the server and rotating refresh tokens', () => {
    const { template } = cognito();
    template.resourceCountIs('AWS::Cognito::UserPoolClient', 1);
    template.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', { Identifier: 'mcp', Scopes: [Match.objectLike({ ScopeName: 'read' }), Match.objectLike({ ScopeName: 'write' })] });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'mcp/read', 'mcp/write'],
      CallbackURLs: Match.arrayWith(['https://claude.ai/api/mcp/auth_callback', 'cursor://anysphere.cursor-mcp/oauth/callback', 'http://localhost:6274/oauth/callback']),
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      AccessTokenValidity: 60,
      RefreshTokenValidity: 43200,
    });
  });

  test('takes tokens for the endpoint or of its clients, with a scope of the server', () => {
    const { template } = cognito({ machineClient: true });
    const [authorizer] = Object.values(template.findResources('AWS::ApiGatewayV2::Authorizer'));
    const { Issuer, Audience } = authorizer.Properties.JwtConfiguration;
    expect(flatten(Issuer)).toBe('https://<ServerSignInUserPool.ProviderName>');
    expect(Audience.map(flatten)).toEqual(['<ServerHttpApi.ApiEndpoint>/mcp', '<ServerSignInClient>', '<ServerSignInMachineClient>']);
    for (const key of MCP_ROUTES) expect(routes(template)[key]).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: ['mcp/read', 'mcp/write'] });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: true, AllowedOAuthFlows: ['client_credentials'], AllowedOAuthScopes: ['mcp/read', 'mcp/write'],
    });
  });

  test('strict, takes tokens for the endpoint only', () => {
    const [authorizer] = Object.values(cognito({ strictAudience: true }).template.findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(authorizer.Properties.JwtConfiguration.Audience.map(flatten)).toEqual(['<ServerHttpApi.ApiEndpoint>/mcp']);
  });

  test('is found under an issuer of its own', () => {
    const { template } = cognito();
    expect(Object.keys(routes(template))).toContain('GET /.well-known/oauth-authorization-server');
    expect(settings(template)).toEqual({
      resource: '<ServerHttpApi.ApiEndpoint>/mcp',
      resourceName: 'Server',
      scopes: ['mcp/read', 'mcp/write'],
      issuer: '<ServerHttpApi.ApiEndpoint>',
      server: {
        signInUrl: expect.stringMatching(/^https:\/\/<ServerSignInDomain>\.auth\.<AWS::Region>\.amazoncognito\.com$/),
        jwksUri: 'https://<ServerSignInUserPool.ProviderName>/.well-known/jwks.json',
        scopes: ['openid', 'email', 'profile', 'mcp/read', 'mcp/write'],
        machines: false,
      },
    });
    expect(outputs(template)).toMatchObject({
      ServerMcpAuth: 'cognito',
      ServerMcpClientId: { Ref: expect.stringMatching('Client') },
      ServerMcpUserPoolId: { Ref: expect.stringMatching('UserPool') },
    });
  });

  test('two servers of one API do not stand in each other\'s way', () => {
    const stack = new Stack(new App(), 'Stack');
    const httpApi = new HttpApi(stack, 'Api');
    for (const path of ['/one', '/two']) new McpRustLambda(stack, path.slice(1), { code: prebuilt(), httpApi, path, auth: McpAuth.cognito() });
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey as string);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining([
      'GET /.well-known/oauth-protected-resource', 'GET /.well-known/oauth-protected-resource/one', 'GET /.well-known/oauth-authorization-server',
      'GET /.well-known/oauth-protected-resource/two', 'GET /.well-known/oauth-authorization-server/two',
    ]));
  });

  test('follows its options', () => {
    const { template } = cognito({
      userPoolName: 'people',
      domainPrefix: 'hello-sign-in',
      mfa: Mfa.REQUIRED,
      passwordPolicy: { minLength: 20 },
      selfSignUp: true,
      removalPolicy: RemovalPolicy.DESTROY,
      resourceServerId: 'books',
      scopes: [new ResourceServerScope({ scopeName: 'search', scopeDescription: 'Search' })],
      defaultScopes: ['books/search', 'openid'],
      callbackUrls: ['https://app.example.com/callback'],
      accessTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(7),
      socialProviders: [
        McpSocialProvider.google({ clientId: 'google-client', clientSecret: SecretValue.secretsManager('google', { jsonField: 'secret' }) }),
      ],
    });
    template.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Delete',
      Properties: { UserPoolName: 'people', MfaConfiguration: 'ON', Policies: { PasswordPolicy: { MinimumLength: 20 } }, AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } },
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'hello-sign-in' });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'books/search'],
      CallbackURLs: Match.arrayWith(['https://app.example.com/callback']),
      SupportedIdentityProviders: ['COGNITO', 'Google'],
      AccessTokenValidity: 15,
      RefreshTokenValidity: 10080,
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', {
      ProviderType: 'Google',
      ProviderDetails: { client_id: 'google-client', client_secret: '{{resolve:secretsmanager:google:SecretString:secret::}}', authorize_scopes: 'openid email profile' },
    });
    expect(settings(template).scopes).toEqual(['books/search', 'openid']);
    expect(routes(template)['POST /mcp']).toMatchObject({ AuthorizationScopes: ['books/search'] });
  });

  test('Apple signs people in, too', () => {
    const { template } = cognito({
      selfSignUp: true,
      socialProviders: [
        McpSocialProvider.apple({ clientId: 'services-id', teamId: 'TEAM', keyId: 'KEY', privateKey: SecretValue.secretsManager('apple') }),
      ],
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', {
      ProviderType: 'SignInWithApple',
      ProviderDetails: {
        client_id: 'services-id', team_id: 'TEAM', key_id: 'KEY', private_key: '{{resolve:secretsmanager:apple:SecretString:::}}', authorize_scopes: 'email name',
      },
    });
  });

  test('the domain has a prefix that is unique and allowed', () => {
    const stack = new Stack(new App(), 'aws-cognito-stack');
    new McpRustLambda(stack, 'Server', { code: prebuilt(), auth: McpAuth.cognito() });
    const [domain] = Object.values(Template.fromStack(stack).findResources('AWS::Cognito::UserPoolDomain'));
    const [, [name, rest]] = domain.Properties.Domain['Fn::Join'];
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]*-$/);
    expect(name).not.toMatch(/aws|amazon|cognito/);
    expect(JSON.stringify(rest)).toContain('AWS::StackId');
  });

  test('takes an existing user pool', () => {
    const { template } = synthesize((stack) => ({
      auth: McpAuth.cognito({ userPool: UserPool.fromUserPoolId(stack, 'Given', 'eu-west-1_AbCdEfGhI'), domainPrefix: 'people', identityProviders: ['Google'] }),
    }));
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    template.resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
    template.resourceCountIs('AWS::Cognito::UserPoolResourceServer', 1);
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { UserPoolId: 'eu-west-1_AbCdEfGhI', SupportedIdentityProviders: ['COGNITO', 'Google'] });
    expect(settings(template).server).toMatchObject({ signInUrl: 'https://people.auth.<AWS::Region>.amazoncognito.com' });
  });

  test('makes nothing in the pool of an existing client', () => {
    const { template } = synthesize((stack) => ({
      auth: McpAuth.cognito({
        userPool: UserPool.fromUserPoolId(stack, 'Given', 'eu-west-1_AbCdEfGhI'),
        userPoolClient: UserPoolClient.fromUserPoolClientId(stack, 'GivenClient', 'given-client'),
        signInUrl: 'https://auth.example.com',
      }),
    }));
    for (const type of ['UserPool', 'UserPoolClient', 'UserPoolResourceServer', 'ManagedLoginBranding']) template.resourceCountIs(`AWS::Cognito::${type}`, 0);
    expect(outputs(template)).toMatchObject({ ServerMcpClientId: 'given-client', ServerMcpSignInUrl: 'https://auth.example.com' });
  });

  test('a local AWS gets the classic sign-in page', () => {
    const { template } = cognito({}, { 'pmcp-deploy:sign-in-page': 'classic' });
    template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 0);
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: Match.absent() });
  });

  const pool = () => UserPool.fromUserPoolId(new Stack(), 'Given', 'eu-west-1_AbCdEfGhI');
  test.each<[() => McpCognitoAuthOptions, string]>([
    [() => ({ scopes: [] }), 'scopes is empty: at least one is required, because ID tokens'],
    [() => ({ scopes: [new ResourceServerScope({ scopeName: 'a/b', scopeDescription: 'b' })] }), 'scopes has the name "a/b"'],
    [() => ({ strictAudience: true, machineClient: true }), 'strictAudience and machineClient cannot be combined'],
    [() => ({ userPool: pool() }), 'userPool needs domainPrefix, the prefix of its sign-in page, or signInUrl'],
    [() => ({ userPool: pool(), domainPrefix: 'x', mfa: Mfa.OFF }), 'mfa cannot be combined with userPool: they configure a new user pool'],
    [() => ({ signInUrl: 'https://auth.example.com' }), 'signInUrl cannot be combined with a new user pool'],
    [() => ({ domainPrefix: 'My-AWS' }), 'domainPrefix is "My-AWS": it must have 1 to 63 lowercase letters'],
    [() => ({ domainPrefix: 'my-aws' }), 'must not contain aws, amazon or cognito'],
    [() => ({ resourceServerId: 'a b' }), 'resourceServerId is "a b"'],
    [() => ({ defaultScopes: [] }), 'defaultScopes is empty'],
  ])('refuses what does not go together (%#)', (options, message) => {
    expect(() => McpAuth.cognito(options())).toThrow(message);
  });
});

describe('behind a domain name', () => {
  function withDomain(auth: McpAuth) {
    return synthesize((stack) => ({
      auth,
      domain: {
        domainName: 'mcp.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000'),
        disableDefaultEndpoint: true,
      },
    })).template;
  }

  function audience(template: Template): string[] {
    const [authorizer] = Object.values(template.findResources('AWS::ApiGatewayV2::Authorizer'));
    return authorizer.Properties.JwtConfiguration.Audience.map(flatten);
  }

  test('cognito: resource, issuer, registration and audience are of the domain name', () => {
    const template = withDomain(McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }));
    expect(settings(template)).toMatchObject({
      resource: 'https://mcp.example.com/mcp',
      issuer: 'https://mcp.example.com',
      server: { registrationEndpoint: 'https://mcp.example.com/oauth/register' },
    });
    expect(audience(template)).toEqual(['https://mcp.example.com/mcp', '<ServerSignInClient>']);
    expect(outputs(template)).toMatchObject({ ServerMcpUrl: 'https://mcp.example.com/mcp', ServerMcpIssuer: 'https://mcp.example.com' });
  });

  test('jwt: the resource and the audience are of the domain name', () => {
    const template = withDomain(McpAuth.jwt({ issuer: 'https://login.example.com', scopes: ['mcp/read'] }));
    expect(settings(template)).toMatchObject({ resource: 'https://mcp.example.com/mcp', issuer: 'https://login.example.com' });
    expect(audience(template)).toEqual(['https://mcp.example.com/mcp']);
  });
});

describe('registration', () => {
  const { template, server } = synthesize({ auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled({ maxPerHour: 7, pruneAfter: Duration.days(2) }), callbackUrls: ['https://a.example/cb'] }) });

  function registrationSettings(): RegistrationSettings {
    const [config] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('Registers') } }));
    return JSON.parse(flatten(config.Properties.Environment.Variables.MCP_AUTH));
  }

  test('is found, and asks for no token', () => {
    expect(routes(template)['POST /oauth/register']).toMatchObject({ AuthorizationType: 'NONE' });
    expect(settings(template).server).toMatchObject({ registrationEndpoint: '<ServerHttpApi.ApiEndpoint>/oauth/register' });
    expect(server.userPool).toBeDefined();
  });

  test('is off unless asked for', () => {
    const without = synthesize({ auth: McpAuth.cognito() }).template;
    without.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(Object.keys(routes(without)).join()).not.toContain('register');
  });

  test('has limits', () => {
    expect(registrationSettings()).toMatchObject({
      maxPerHour: 7,
      maxPerHourAndAddress: 20,
      maxClients: 19,
      pruneAfterSeconds: 172_800,
      managedLogin: true,
      allowedScopes: ['openid', 'email', 'profile', 'mcp/read', 'mcp/write'],
      defaultScopes: ['mcp/read', 'mcp/write'],
      identityProviders: ['COGNITO'],
      redirectUris: expect.arrayContaining(['https://claude.ai/api/mcp/auth_callback', 'https://a.example/cb']),
    });
  });

  test('may do only what it does, in this pool and table only', () => {
    const actions = Object.fromEntries(Object.entries(template.findResources('AWS::IAM::Policy')).map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''), Properties.PolicyDocument.Statement.filter((each: any) => !JSON.stringify(each.Action).includes('logs:')).map((each: any) => [each.Action, each.Resource]),
    ]));
    const pool = { 'Fn::GetAtt': [expect.stringMatching('UserPool'), 'Arn'] };
    const table = { 'Fn::GetAtt': [expect.stringMatching('RegistrationTable'), 'Arn'] };
    expect(actions).toMatchObject({
      ServerRegistrationRegisterRoleDefaultPolicy: [
        [['cognito-idp:CreateUserPoolClient', 'cognito-idp:CreateManagedLoginBranding', 'cognito-idp:DeleteUserPoolClient'], pool],
        [['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], table],
      ],
      ServerRegistrationPruneRoleDefaultPolicy: [
        [['cognito-idp:DeleteUserPoolClient', 'cognito-idp:DescribeManagedLoginBrandingByClient', 'cognito-idp:DeleteManagedLoginBranding'], pool],
        [['dynamodb:Scan', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], table],
      ],
      ServerRegistrationUsageRoleDefaultPolicy: [['dynamodb:UpdateItem', table]],
    });
  });

  test('prunes daily, by use where the pool is new', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
    template.hasResourceProperties('AWS::Cognito::UserPool', { LambdaConfig: { PreTokenGeneration: { 'Fn::GetAtt': [Match.stringLikeRegexp('Usage'), 'Arn'] } } });
  });

  test('two servers of one API register at two addresses', () => {
    const stack = new Stack(new App(), 'Stack');
    const httpApi = new HttpApi(stack, 'Api');
    for (const path of ['/one', '/two']) new McpRustLambda(stack, path.slice(1), { code: prebuilt(), httpApi, path, auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }) });
    expect(Object.keys(routes(Template.fromStack(stack)))).toEqual(expect.arrayContaining(['POST /oauth/register', 'POST /oauth/register/two']));
  });
});
