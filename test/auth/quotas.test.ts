import { App, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAuthorizer, HttpApi, IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Mfa, ResourceServerScope, UserPool, UserPoolClient, UserPoolResourceServer } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { McpAuth, McpCognitoAuthOptions, McpRegistrationConfig, McpRustLambda, McpSignInPage, McpSocialProvider } from '../../src';
import { prebuilt, synthesize } from '../support/prebuilt';

const jwt = (scopes: string[] = ['mcp/read']) => McpAuth.jwt({ issuer: 'https://login.example.com', scopes });
const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);

describe('aws A5: quotas of an HTTP API', () => {
  const QUOTAS = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html';

  test('more than 10 scopes are refused, and 10 are not', () => {
    const scopes = (count: number) => names(count).map((name) => new ResourceServerScope({ scopeName: name, scopeDescription: name }));
    const refusal = `scopes has 11 scopes: API Gateway allows 10 per route (${QUOTAS})`;
    expect(() => McpAuth.cognito({ scopes: scopes(11) })).toThrow(refusal);
    expect(() => jwt(names(11))).toThrow(refusal);
    expect(() => [McpAuth.cognito({ scopes: scopes(10) }), jwt(names(10)), jwt([...names(10), 's0'])]).not.toThrow();
  });

  function servers(count: number, api: (stack: Stack) => IHttpApi = (stack) => new HttpApi(stack, 'Api'), context = {}): Stack {
    const stack = new Stack(new App({ context }), 'Stack');
    const httpApi = api(stack);
    for (const name of names(count)) new McpRustLambda(stack, name, { code: prebuilt(), httpApi, path: `/${name}`, auth: jwt() });
    return stack;
  }

  test.each<[string, ((stack: Stack) => IHttpApi) | undefined]>([
    ['a new one', undefined], ['an imported one', (stack) => HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'abc' })],
  ])('the 11th authorizer on %s is refused', (_, api) => {
    expect(() => servers(10, api)).not.toThrow();
    expect(() => servers(11, api)).toThrow(`the HTTP API Stack/Api has 11 authorizers: API Gateway allows 10 (${QUOTAS}); remove httpApi`);
  });

  test('those of others count, before and after', () => {
    const other = (stack: Stack, apiId: string) => new CfnAuthorizer(stack, 'Other', { apiId, authorizerType: 'REQUEST', name: 'other' });
    expect(() => servers(10, (stack) => {
      const api = new HttpApi(stack, 'Api');
      other(stack, api.apiId);
      return api;
    })).toThrow('has 11 authorizers');
    const stack = servers(10);
    other(stack, (stack.node.findChild('Api') as HttpApi).apiId);
    expect(() => Template.fromStack(stack)).toThrow('the HTTP API Stack/Api has 11 authorizers');
  });

  test('and those of other APIs do not, nor those within a quota that AWS has raised', () => {
    const stack = servers(10);
    new McpRustLambda(stack, 'own', { code: prebuilt(), auth: jwt() });
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(() => servers(11, undefined, { 'pmcp-deploy:authorizers-per-api': 20 })).not.toThrow();
  });
});

describe('aws A6: one user pool, one sign-in domain', () => {
  const existing = (scope: Construct, id: string, more: McpCognitoAuthOptions = {}) => new McpRustLambda(scope, id, {
    code: prebuilt(), auth: McpAuth.cognito({ userPool: UserPool.fromUserPoolId(scope, `${id}Pool`, 'eu-west-1_AbCdEfGhI'), domainPrefix: 'people', ...more }),
  });

  test('a second resource server of the same identifier in a pool is refused, in whichever stack', () => {
    const app = new App();
    existing(new Stack(app, 'Dev'), 'Server');
    expect(() => existing(new Stack(app, 'Prod'), 'Server')).toThrow(
      'Dev/Server/SignIn/ResourceServer/Resource already has the resource server "mcp" in this user pool: identifiers are unique in a pool');
    expect(() => existing(new Stack(app, 'Other'), 'Server', { resourceServerId: 'other' })).not.toThrow();
  });

  test('one that is added later by others is found at synth', () => {
    const stack = new Stack(new App(), 'Stack');
    const server = existing(stack, 'Server');
    new UserPoolResourceServer(stack, 'Own', { userPool: server.userPool!, identifier: 'mcp' });
    expect(() => Template.fromStack(stack)).toThrow('Stack/Own/Resource already has the resource server "mcp" in this user pool');
  });

  test('with a client that is given nothing is made, and nothing collides', () => {
    const stack = new Stack(new App(), 'Stack');
    for (const id of ['One', 'Two']) existing(stack, id, { userPoolClient: UserPoolClient.fromUserPoolClientId(stack, `${id}Client`, id) });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('new pools may have the same names, but not the same sign-in domain in a region', () => {
    const app = new App();
    const server = (id: string, region: string | undefined, domainPrefix?: string) => (
      new McpRustLambda(new Stack(app, id, { env: { region } }), 'Server', { code: prebuilt(), auth: McpAuth.cognito({ domainPrefix }) })
    );
    server('One', 'eu-west-1', 'people');
    server('Two', 'eu-west-1');
    server('Three', 'us-east-1', 'people');
    server('Four', undefined, 'people');
    server('Five', undefined, 'people');
    expect(() => server('Six', 'eu-west-1', 'people')).toThrow('domainPrefix is "people", which is the prefix of One/Server/SignIn/Domain/Resource');
  });
});

describe('security H4, aws A1: registration leaves room in the user pool', () => {
  const cognito = (options: McpCognitoAuthOptions) => () => McpAuth.cognito(options);

  test('more clients than a pool has styles for are refused', () => {
    expect(cognito({ registration: McpRegistrationConfig.enabled({ maxClients: 20 }) })).toThrow('registration.maxClients is 20: it must be at most 19, because Amazon Cognito allows 20 managed login styles');
    expect(cognito({ registration: McpRegistrationConfig.enabled({ maxClients: 19 }) })).not.toThrow();
    expect(cognito({ registration: McpRegistrationConfig.enabled({ maxClients: 1000 }), signInPage: McpSignInPage.CLASSIC })).toThrow('it must be at most 999');
    expect(cognito({ registration: McpRegistrationConfig.enabled({ maxClients: 999 }), signInPage: McpSignInPage.CLASSIC })).not.toThrow();
  });

  test('so are the servers of a pool that may have more together', () => {
    const stack = new Stack(new App(), 'Stack');
    const userPool = new UserPool(stack, 'Pool');
    const server = (id: string, maxClients?: number) => new McpRustLambda(stack, id, {
      code: prebuilt(),
      auth: McpAuth.cognito({ userPool, domainPrefix: 'people', resourceServerId: id, registration: maxClients === undefined ? undefined : McpRegistrationConfig.enabled({ maxClients }) }),
    });
    server('one', 10);
    server('two', 7);
    server('three');
    expect(() => server('four')).toThrow('the servers of this app may have 21 clients with managed login in one user pool, but Amazon Cognito allows 20');
  });

  test('the local AWS has the limit of the account, although it has no styles', () => {
    const { template } = synthesize({ auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }) }, { 'pmcp-deploy:sign-in-page': 'classic' });
    expect(JSON.stringify(template.toJSON())).toContain('\\"maxClients\\":19');
  });
});

describe('security H3: what a registered client may have', () => {
  test.each<[McpCognitoAuthOptions, string]>([
    [{ defaultScopes: ['mcp/read', 'mcp/write'], registration: McpRegistrationConfig.enabled({ allowedScopes: ['mcp/read'] }) }, 'defaultScopes has "mcp/write", which is not in registration.allowedScopes'],
    [{ registration: McpRegistrationConfig.enabled({ allowedScopes: ['openid', 'email'] }) }, 'registration.allowedScopes has none of the server\'s scopes, which are mcp/read, mcp/write'],
    [{ registration: McpRegistrationConfig.enabled({ allowedScopes: [] }) }, 'registration.allowedScopes is empty'],
    [{ registration: McpRegistrationConfig.enabled({ allowedScopes: ['mcp/read', 'mcp/admin'] }) }, 'registration.allowedScopes has "mcp/admin": it must be one of openid, email, profile, phone, mcp/read, mcp/write'],
    [{ registration: McpRegistrationConfig.enabled({ allowedScopes: ['mcp/read', 'aws.cognito.signin.user.admin'] }) }, 'registration.allowedScopes has "aws.cognito.signin.user.admin"'],
  ])('refuses %j', (options, message) => expect(() => McpAuth.cognito(options)).toThrow(message));

  test('the scopes that it gets without asking, and is told to ask for, are within the limit', () => {
    const { template } = synthesize({ auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled({ allowedScopes: ['openid', 'mcp/read'] }) }) });
    const text = JSON.stringify(template.toJSON());
    expect(text).toContain('\\"defaultScopes\\":[\\"mcp/read\\"]');
    expect(text).toContain('\\"scopes\\":[\\"mcp/read\\"],\\"issuer\\"');
  });
});

describe('security H2, aws C1: who enters through a social provider', () => {
  const socialProviders = [McpSocialProvider.google({ clientId: 'google', clientSecret: SecretValue.secretsManager('google') })];

  test.each([undefined, false])('selfSignUp: %s is refused', (selfSignUp) => {
    expect(() => McpAuth.cognito({ socialProviders, selfSignUp })).toThrow('socialProviders has Google, but selfSignUp is not true: anyone with an account there becomes a user');
  });

  test('selfSignUp: true says that it is meant', () => {
    const { template } = synthesize({ auth: McpAuth.cognito({ socialProviders, selfSignUp: true }) });
    template.hasResourceProperties('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } });
  });
});

describe('security L15: the new user pool', () => {
  const pool = (options: McpCognitoAuthOptions) => Object.values(synthesize({ auth: McpAuth.cognito(options) }).template.findResources('AWS::Cognito::UserPool'))[0];

  test('is protected from deletion, unless it goes with the stack', () => {
    expect(pool({}).Properties.DeletionProtection).toBe('ACTIVE');
    expect(pool({ removalPolicy: RemovalPolicy.DESTROY }).Properties.DeletionProtection).not.toBe('ACTIVE');
    expect(pool({ deletionProtection: false }).Properties.DeletionProtection).not.toBe('ACTIVE');
    expect(() => McpAuth.cognito({ deletionProtection: true, removalPolicy: RemovalPolicy.DESTROY })).toThrow('cannot be combined');
  });

  test('has what cannot be changed later only where it is asked for', () => {
    expect(pool({}).Properties).not.toHaveProperty('UsernameConfiguration');
    expect(pool({ signInCaseSensitive: false }).Properties.UsernameConfiguration).toEqual({ CaseSensitive: false });
  });
});

test('aws C2: the acknowledgement of a second factor that is not required says what that means', () => {
  const reasons = (mfa?: Mfa) => synthesize({ auth: McpAuth.cognito({ mfa }) }).server.node.findAll()
    .flatMap(({ node }) => node.metadata).flatMap(({ data }) => data?.['AwsSolutions-COG2'] ?? []);
  expect(reasons()).toEqual([expect.stringContaining('managed login asks no user for a second factor')]);
  expect(reasons(Mfa.REQUIRED)).toEqual([]);
});

describe('aws B5: the sign-in page', () => {
  test('the classic one needs no styles', () => {
    const { template } = synthesize({ auth: McpAuth.cognito({ signInPage: McpSignInPage.CLASSIC, registration: McpRegistrationConfig.enabled() }) });
    template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 0);
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 1 });
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('ManagedLoginBranding');
    expect(text).toContain('\\"maxClients\\":500');
  });
});

describe('aws (d): the sign-in domain in AWS GovCloud (US)', () => {
  const signInUrl = (region: string | undefined, options: McpCognitoAuthOptions = {}) => {
    const stack = new Stack(new App(), 'Stack', { env: { region } });
    new McpRustLambda(stack, 'Server', { code: prebuilt(), auth: McpAuth.cognito({ domainPrefix: 'people', ...options }) });
    return JSON.stringify(Object.values(Template.fromStack(stack).findOutputs('ServerMcpSignInUrl'))[0].Value);
  };

  test('has the FIPS host, and elsewhere the plain one', () => {
    expect(signInUrl('us-gov-west-1')).toContain('.auth-fips.us-gov-west-1.amazoncognito.com');
    expect(signInUrl('eu-west-1')).toContain('.auth.eu-west-1.amazoncognito.com');
    expect(signInUrl(undefined)).toContain('.auth.');
  });

  test('of an existing user pool, too', () => {
    expect(signInUrl('us-gov-east-1', { userPool: UserPool.fromUserPoolId(new Stack(), 'Given', 'us-gov-east-1_A') }))
      .toBe('"https://people.auth-fips.us-gov-east-1.amazoncognito.com"');
  });
});

describe('security L16: the public routes have limits of their own', () => {
  const stageOf = (template: Template) => Object.values(template.findResources('AWS::ApiGatewayV2::Stage'))[0];

  test('registration 5 a second, metadata 20, and the stage waits for those routes', () => {
    const { template } = synthesize({ auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }) });
    const { Properties, DependsOn } = stageOf(template);
    const registration = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 };
    const metadata = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };
    const documents = ['oauth-protected-resource', 'oauth-protected-resource/mcp', 'oauth-authorization-server'];
    expect(Properties.RouteSettings).toEqual(Object.fromEntries([
      ...['POST', 'OPTIONS'].map((method) => [`${method} /oauth/register`, registration]),
      ...documents.flatMap((name) => ['GET', 'OPTIONS'].map((method) => [`${method} /.well-known/${name}`, metadata])),
    ]));
    const keys = (DependsOn as string[]).map((id) => template.toJSON().Resources[id].Properties.RouteKey);
    expect(keys.sort()).toEqual(Object.keys(Properties.RouteSettings).sort());
  });

  test('they are never higher than those of the stage', () => {
    const auth = McpAuth.cognito({ registration: McpRegistrationConfig.enabled() });
    const { template } = synthesize({ auth, throttling: { rateLimit: 10, burstLimit: 7 } });
    expect(stageOf(template).Properties.RouteSettings).toMatchObject({
      'POST /oauth/register': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 },
      'GET /.well-known/oauth-protected-resource': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 7 },
    });
  });

  test('a stage that is not ours is left alone', () => {
    const stack = new Stack(new App(), 'Stack');
    new McpRustLambda(stack, 'Server', { code: prebuilt(), httpApi: new HttpApi(stack, 'Api'), auth: McpAuth.cognito({ registration: McpRegistrationConfig.enabled() }) });
    expect(stageOf(Template.fromStack(stack)).Properties).not.toHaveProperty('RouteSettings');
  });

  test('a server without public routes has none', () => {
    expect(stageOf(synthesize({ auth: McpAuth.iam() }).template).Properties).not.toHaveProperty('RouteSettings');
  });

  test('a second server of the API in another stack does not change the stage of the first', () => {
    const app = new App();
    const { httpApi } = new McpRustLambda(new Stack(app, 'One'), 'Server', { code: prebuilt(), path: '/one', auth: McpAuth.none() });
    const two = new Stack(app, 'Two');
    new McpRustLambda(two, 'Server', { code: prebuilt(), httpApi, path: '/two', auth: jwt() });
    expect(stageOf(Template.fromStack(app.node.findChild('One') as Stack)).Properties).not.toHaveProperty('RouteSettings');
  });
});

describe('security L17: the permission to call the server', () => {
  const sources = (template: Template, handler: string) => Object.values(template.findResources('AWS::Lambda::Permission'))
    .filter(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(handler))
    .map(({ Properties }) => JSON.stringify(Properties.SourceArn));

  test.each(['/mcp', '/v1/mcp', '/'])('holds for the path %s only', (path) => {
    const [source, ...more] = sources(synthesize({ path }).template, 'Alias');
    expect(source).toMatch(new RegExp(`"/\\*/\\*${path}"\\]\\]`));
    expect(more).toEqual([]);
  });

  test('on an API that is given, too', () => {
    const { template } = synthesize((stack) => ({ httpApi: new HttpApi(stack, 'Api'), path: '/mine' }));
    expect(sources(template, 'Alias')).toEqual([expect.stringContaining('"/*/*/mine"')]);
  });
});
