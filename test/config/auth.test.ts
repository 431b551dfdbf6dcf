import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { errorOf, load, MINIMAL, problemsOf, warningsOf } from './deploy-toml';
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
social_providers = ["Google", "SignInWithApple"]
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
  template.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', {
    ProviderDetails: Match.objectLike({
      team_id: '{{resolve:secretsmanager:hello/auth/SignInWithApple:SecretString:team_id::}}',
      private_key: '{{resolve:secretsmanager:hello/auth/SignInWithApple:SecretString:private_key::}}',
    }),
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

describe('what contradicts itself is refused with its place, all at once', () => {
  const pool = 'user_pool_id = "us-east-1_AbCdEfGhI"\n';
  const oidc = 'provider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\n';
  const cognito = 'provider = "cognito"\n';
  const begins = 'a scope of this server must begin with "mcp/", as auth.cognito.resource_server_id says';
  test.each<[string, string[]]>([
    ['', ['FILE:6:11: auth.enabled is true, but auth.provider is "none"; set provider to "cognito", "oidc" or "iam", or enabled to false for a public server']],
    ['provider = "oidc"\n', ['FILE:7:12: auth.provider is "oidc", but there is no table [auth.oidc]; it must be there and name the issuer and the client_id']],
    [oidc, ['FILE:8:7: auth.oidc.scopes is missing: it must be an array of scopes, one of which a token must have; ID tokens, which have none, would pass without']],
    [`${oidc}scopes = []\n`,
      ['FILE:11:10: auth.oidc.scopes is missing: it must be an array of scopes, one of which a token must have; ID tokens, which have none, would pass without']],
    [oidc.replace('https://login.example.com', 'https://login.example.com/?x'),
      ['FILE:9:10: auth.oidc.issuer must be a URL with https, without "?" and "#"; received "https://login.example.com/?x"']],
    [`${cognito}client_id = "x"\n`, ['FILE:8:13: auth.client_id names a client of an existing user pool, but auth.user_pool_id is missing']],
    [cognito + pool, [
      'FILE:8:16: auth.user_pool_id names an existing user pool, but auth.cognito.domain is missing: it must be the prefix of the domain that the pool has, where people sign in',
    ]],
    [`${cognito}user_pool_id = "eu-west-1_AbCdEfGhI"\n[auth.cognito]\ndomain = "people"\n`,
      ['FILE:8:16: auth.user_pool_id must be a user pool in the region of the stack, us-east-1; received "eu-west-1_AbCdEfGhI"']],
    [`${cognito}${pool}[auth.cognito]\ndomain = "people"\nuser_pool_id = "us-east-1_Other"\n`,
      ['FILE:11:16: auth.cognito.user_pool_id is "us-east-1_Other", but auth.user_pool_id is "us-east-1_AbCdEfGhI"; one of the two is enough']],
    [`${cognito}[auth.cognito]\nsocial_providers = ["Google", "Apple"]\n`,
      ['FILE:9:31: auth.cognito.social_providers[1] must be one of "Google", "Facebook", "LoginWithAmazon", "SignInWithApple" with a new user pool; received "Apple"']],
    [`${cognito}[auth.cognito]\ndomain = "my-cognito"\n`,
      ['FILE:9:10: auth.cognito.domain must be a prefix of 1 to 63 small letters, digits and inner hyphens, without "aws", "amazon" and "cognito"; received "my-cognito"']],
    [`${cognito}[auth.cognito]\naccess_token_ttl = "2m"\nrefresh_token_ttl = "90s"\n`, [
      'FILE:9:20: auth.cognito.access_token_ttl must be whole minutes, 5m to 24h', 'FILE:10:21: auth.cognito.refresh_token_ttl must be whole minutes, 60m to 3650d',
    ]],
    [`${cognito}[auth.cognito]\naccess_token_ttl = "3h"\nrefresh_token_ttl = "2h"\n`,
      ['FILE:9:20: auth.cognito.access_token_ttl is "3h", longer than auth.cognito.refresh_token_ttl, which is "2h"']],
    [`${cognito}[auth.dcr]\nallowed_scopes = ["openid", "books/read", "mcp/a/b"]\n`, [
      `FILE:9:29: auth.dcr.allowed_scopes[1] is "books/read"; ${begins}, and others must be of openid, email, profile`,
      'FILE:9:43: auth.dcr.allowed_scopes[2] is "mcp/a/b"; what follows "mcp/" must be a name without "/"',
    ]],
    [`${cognito}[auth.scopes.custom]\n"other/admin" = "A"\nmine = "B"\n`, [`FILE:9:1: auth.scopes.custom."other/admin" is "other/admin"; ${begins}`]],
    [`${cognito}client_id = "x"\n[stages.prod.auth]\nprovider = "none"\n[stages.test.auth]\nprovider = "iam"\n[stages.test.server]\nmemory_mb = 1\n`, [
      'FILE:6:11: auth.enabled is true, but auth.provider is "none"; set provider to "cognito", "oidc" or "iam", or enabled to false for a public server',
      'FILE:8:13: auth.client_id names a client of an existing user pool, but auth.user_pool_id is missing',
      'FILE:14:13: stages.test.server.memory_mb must be a whole number from 128 to 10240 (MB); received 1',
    ]],
  ])('%s', (toml, problems) => expect(problemsOf(`${MINIMAL}[auth]\nenabled = true\n${toml}`)).toEqual(problems));

  test('beside faulty values of other keys, but not where those may be the reason', () => {
    const problems = (toml: string) => problemsOf(`[aws]\nregion = "nowhere"\n[server]\nname = "hello"\nmemory = 1\n[auth]\nenabled = true\n${toml}`).slice(2);
    const none = 'FILE:7:11: auth.enabled is true, but auth.provider is "none"; set provider to "cognito", "oidc" or "iam", or enabled to false for a public server';
    expect(problems('')).toEqual([none]);
    expect(problems('[environment]\nMCP_PATH = "/x"\n')).toEqual([none, 'FILE:9:12: environment.MCP_PATH is "/x", but server.mcp_path is "/mcp"; leave it out, it is set from mcp_path']);
    expect(problems('provider = "cognitoo"\n')).toEqual([expect.stringMatching(/^FILE:8:12: auth.provider must be one of/)]);
    expect(problems('providr = "cognito"\n')).toEqual([expect.stringMatching(/^FILE:8:1: unknown key "providr"/)]);
    expect(problems('provider = "cognito"\nuser_pool_id = "us-east-1_A"\n[auth.cognito]\ndomain = "A"\n')).toEqual([expect.stringMatching(/^FILE:11:10: auth.cognito.domain must be/)]);
  });

  test('with the line that it is in', () => {
    expect(errorOf(`${MINIMAL}[auth]\nenabled = true # for all\nprovider = "oidc"\n`)).toBe([
      'FILE:7:12: auth.provider is "oidc", but there is no table [auth.oidc]; it must be there and name the issuer and the client_id',
      '  7 | provider = "oidc"',
      '    |            ^^^^^^',
    ].join('\n'));
  });

  test('but not while the server is public anyway', () => {
    expect(load(`${MINIMAL}[auth]\nenabled = false\nprovider = "oidc"\n`).warnings).toEqual([]);
  });
});

describe('keys that have nothing to act on are warned of', () => {
  const CLIENT = 'user_pool_id = "us-east-1_AbCdEfGhI"\nclient_id = "given"\ncallback_urls = ["https://a.example"]\n[auth.cognito]\ndomain = "people"\nmfa = "required"\naccess_token_ttl = "1h"\n';
  test.each<[string, string[]]>([
    ['provider = "iam"\n[auth.dcr]\n', ['FILE:8:7: auth.dcr has no effect: auth.provider is "iam"']],
    ['provider = "oidc"\ncallback_urls = ["https://a.example"]\n[auth.oidc]\nissuer = "https://a.example"\nclient_id = "a"\nscopes = ["a"]\n[auth.cognito]\n', [
      'FILE:8:1: auth.callback_urls has no effect: auth.provider is "oidc"', 'FILE:13:7: auth.cognito has no effect: auth.provider is "oidc"',
    ]],
    ['provider = "cognito"\n[auth.oidc]\nissuer = "https://a.example"\nclient_id = "a"\n', ['FILE:8:7: auth.oidc has no effect: auth.provider is "cognito"']],
    [`provider = "cognito"\n${CLIENT}`, [
      'FILE:10:1: auth.callback_urls has no effect: the existing client has its own',
      'FILE:13:1: auth.cognito.mfa has no effect: the existing user pool has its own',
      'FILE:14:1: auth.cognito.access_token_ttl has no effect: the existing client has its own',
    ]],
  ])('%s', (toml, texts) => expect(warningsOf(`${MINIMAL}[auth]\nenabled = true\n${toml}`)).toEqual(texts));

  test('but not for a public server', () => {
    expect(warningsOf(`${MINIMAL}[auth]\nenabled = false\nprovider = "iam"\n[auth.dcr]\n[auth.cognito]\n`)).toEqual([]);
  });
});

test('tells which keys have no effect', () => {
  const { warnings } = load(`${MINIMAL}[auth]\nenabled = true\nprovider = "oidc"
[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\nclient_secret = "shh"\nscopes = ["a"]\n[auth.dcr]\nenabled = false\npublic_client_patterns = ["claude"]\n`);
  const texts = warnings.map(({ message }) => message).join('\n');
  expect(texts).toContain('auth.oidc.client_secret is not used: a server needs no secret');
  expect(texts).toContain('auth.dcr.public_client_patterns has no effect');
  expect(texts).not.toContain('shh');
});
