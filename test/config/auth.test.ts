import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { MINIMAL, load } from './deploy-toml';
import { synthesize } from './synth';

const auth = (toml: string) => synthesize(`${MINIMAL}[auth]\nenabled = true\n${toml}`);
const PUBLIC = 'the MCP endpoint is public';

function publicWarnings(toml: string): unknown[] {
  return Annotations.fromStack(synthesize(toml).stack).findWarning('*', Match.stringLikeRegexp(PUBLIC));
}

test('a public endpoint must be said', () => {
  expect(publicWarnings(MINIMAL)).toHaveLength(1);
  expect(publicWarnings(`${MINIMAL}[auth]\nenabled = false\nprovider = "none"\n`)).toEqual([]);
  expect(publicWarnings(readFileSync(join(__dirname, 'fixtures', 'cargo-pmcp-init.toml'), 'utf-8'))).toEqual([]);
});

test('iam', () => {
  auth('provider = "iam"\n').template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
});

test('oidc', () => {
  const { template } = auth('provider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\naudience = "api"\nscopes = ["mcp/read"]\n');
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: [Match.anyValue(), 'api', 'hello'] },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /mcp', AuthorizationType: 'JWT', AuthorizationScopes: ['mcp/read'] });
  expect(template.findOutputs('helloMcpClientId')).toMatchObject({ helloMcpClientId: { Value: 'hello' } });
});

test('cognito, a new user pool', () => {
  const { template } = auth(`provider = "cognito"
callback_urls = ["https://app.example.com/callback"]
[auth.cognito]
user_pool_name = "people"
resource_server_id = "books"
social_providers = ["Google"]
mfa = "required"
access_token_ttl = "15m"
refresh_token_ttl = "7d"
domain = "hello-sign-in"
[auth.dcr]
enabled = false
default_scopes = ["openid", "books/read"]
allowed_scopes = ["openid", "books/read", "books/lend"]
[auth.scopes.custom]
"books/admin" = "Administration"
`);
  template.hasResourceProperties('AWS::Cognito::UserPool', { UserPoolName: 'people', MfaConfiguration: 'ON' });
  template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'hello-sign-in' });
  template.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', { Identifier: 'books', Scopes: Match.arrayWith([{ ScopeName: 'admin', ScopeDescription: 'Administration' }]) });
  template.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', {
    ProviderDetails: Match.objectLike({ client_id: '{{resolve:secretsmanager:hello/auth/Google:SecretString:client_id::}}' }),
  });
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    AccessTokenValidity: 15,
    RefreshTokenValidity: 10080,
    CallbackURLs: Match.arrayWith(['https://app.example.com/callback']),
    AllowedOAuthScopes: ['openid', 'email', 'profile', 'books/read', 'books/write', 'books/lend', 'books/admin'],
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: 'POST /mcp', AuthorizationScopes: ['books/read', 'books/write', 'books/lend', 'books/admin'],
  });
});

test('clients may register where [auth.dcr] is there and on', () => {
  const cognito = 'provider = "cognito"\n';
  const registers = (toml: string) => Object.keys(auth(cognito + toml).template.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: 'POST /oauth/register' } })).length;
  expect([registers(''), registers('[auth.dcr]\n'), registers('[auth.dcr]\nenabled = false\n')]).toEqual([0, 1, 0]);
});

test('cognito, an existing user pool', () => {
  const existing = 'provider = "cognito"\nuser_pool_id = "us-east-1_AbCdEfGhI"\n';
  const { template } = auth(`${existing}[auth.cognito]\ndomain = "people"\nsocial_providers = ["Google"]\n`);
  template.resourceCountIs('AWS::Cognito::UserPool', 0);
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', { UserPoolId: 'us-east-1_AbCdEfGhI', SupportedIdentityProviders: ['COGNITO', 'Google'] });
  const withClient = auth(`${existing}client_id = "given"\n[auth.cognito]\ndomain = "people"\n`).template;
  withClient.resourceCountIs('AWS::Cognito::UserPoolClient', 0);
  expect(withClient.findOutputs('helloMcpClientId')).toMatchObject({ helloMcpClientId: { Value: 'given' } });
});

test.each([
  ['', 'auth.enabled is true, but auth.provider is "none"'],
  ['provider = "oidc"\n', 'auth.provider is "oidc", but there is no table [auth.oidc]'],
  ['provider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\n', 'auth.oidc.scopes is missing: a token must have one'],
  ['provider = "cognito"\nclient_id = "x"\n', 'auth.client_id names a client of an existing user pool, but auth.user_pool_id is missing'],
  ['provider = "cognito"\nuser_pool_id = "us-east-1_AbCdEfGhI"\n', 'auth.cognito.domain is missing: with an existing user pool'],
  ['provider = "cognito"\n[auth.scopes.custom]\n"other/admin" = "A"\n', 'auth.scopes.custom has "other/admin": a scope of this server begins with "mcp/"'],
])('refuses %j', (toml, message) => {
  expect(() => auth(toml)).toThrow(message);
});

test('tells which keys have no effect', () => {
  const { warnings } = load(`${MINIMAL}[auth]\nenabled = true\nprovider = "oidc"
[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\nclient_secret = "shh"\nscopes = ["a"]\n[auth.dcr]\nenabled = false\npublic_client_patterns = ["claude"]\n`);
  const texts = warnings.map(({ message }) => message).join('\n');
  expect(texts).toContain('auth.oidc.client_secret is not used: a server needs no secret');
  expect(texts).toContain('auth.dcr.public_client_patterns has no effect');
  expect(texts).not.toContain('shh');
});
