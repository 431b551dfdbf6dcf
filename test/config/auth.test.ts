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
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: [Match.anyValue(), 'api'] },
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
self_sign_up = true
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
    ['provider = "oidc"\n', ['FILE:7:12: auth.provider is "oidc", but there is no table [auth.oidc]; add it, with issuer and client_id']],
    [oidc, ['FILE:8:7: auth.oidc.scopes is missing: it must be an array of scopes, one of which a token must have; without it, ID tokens would be accepted, which have none']],
    [`${oidc}scopes = []\n`,
      ['FILE:11:10: auth.oidc.scopes is missing: it must be an array of scopes, one of which a token must have; without it, ID tokens would be accepted, which have none']],
    [oidc.replace('https://login.example.com', 'https://login.example.com/?x'),
      ['FILE:9:10: auth.oidc.issuer must be a URL with https, without "?" and "#"; received "https://login.example.com/?x"']],
    [`${cognito}client_id = "x"\n`, ['FILE:8:13: auth.client_id names a client of an existing user pool, but auth.user_pool_id is missing']],
    [cognito + pool, [
      'FILE:8:16: auth.user_pool_id names an existing user pool, but auth.cognito.domain is missing: set it to the prefix of the sign-in domain of the pool',
    ]],
    [`${cognito}user_pool_id = "eu-west-1_AbCdEfGhI"\n[auth.cognito]\ndomain = "people"\n`,
      ['FILE:8:16: auth.user_pool_id must be a user pool in the region of the stack, us-east-1; received "eu-west-1_AbCdEfGhI"']],
    [`${cognito}${pool}[auth.cognito]\ndomain = "people"\nuser_pool_id = "us-east-1_Other"\n`,
      ['FILE:11:16: auth.cognito.user_pool_id is "us-east-1_Other", but auth.user_pool_id is "us-east-1_AbCdEfGhI"; remove one of the two']],
    [`${cognito}[auth.cognito]\nself_sign_up = true\nsocial_providers = ["Google", "Apple"]\n`,
      ['FILE:10:31: auth.cognito.social_providers[1] must be one of "Google", "Facebook", "LoginWithAmazon", "SignInWithApple" with a new user pool; received "Apple"']],
    [`${cognito}[auth.cognito]\ndomain = "my-cognito"\n`,
      ['FILE:9:10: auth.cognito.domain must be a prefix of 1 to 63 lowercase letters, digits and inner hyphens, without "aws", "amazon" and "cognito"; received "my-cognito"']],
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
    expect(problems('[environment]\nMCP_PATH = "/x"\n')).toEqual([none, 'FILE:9:12: environment.MCP_PATH is "/x", but server.mcp_path is "/mcp"; remove it, it is set from mcp_path']);
    expect(problems('provider = "cognitoo"\n')).toEqual([expect.stringMatching(/^FILE:8:12: auth.provider must be one of/)]);
    expect(problems('providr = "cognito"\n')).toEqual([expect.stringMatching(/^FILE:8:1: unknown key "providr"/)]);
    expect(problems('provider = "cognito"\nuser_pool_id = "us-east-1_A"\n[auth.cognito]\ndomain = "A"\n')).toEqual([expect.stringMatching(/^FILE:11:10: auth.cognito.domain must be/)]);
  });

  test('with the line that it is in', () => {
    expect(errorOf(`${MINIMAL}[auth]\nenabled = true # for all\nprovider = "oidc"\n`)).toBe([
      'FILE:7:12: auth.provider is "oidc", but there is no table [auth.oidc]; add it, with issuer and client_id',
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

describe('security H1: [auth] must say whether clients must sign in', () => {
  const either = 'set enabled = true, or enabled = false for a public server';
  const missing = (table: string, keys: string) => `${table}.enabled is missing: [${table}] has ${keys}, but does not say if clients must sign in; ${either}`;
  const idle = (table: string, key: string, where: string) => `${table}.enabled is missing: [${table}] sets ${key}, but ${where}.enabled is false; ${either}`;
  const SERVERS = '[[servers]]\nname = "a"\n[[servers]]\nname = "b"\n';

  test.each<[string, string[]]>([
    ['[auth]\nprovider = "cognito"\n[auth.cognito]\nmfa = "required"\n[auth.dcr]\n', [`FILE:5:2: ${missing('auth', '"provider", "cognito", "dcr"')}`]],
    ['[auth]\nprovider = "none"\n', [`FILE:5:2: ${missing('auth', '"provider"')}`]],
    ['[auth.cognito]\nmfa = "required"\n', [`FILE:5:2: ${missing('auth', '"cognito"')}`]],
    ['[auth.dcr]\n', [`FILE:5:2: ${missing('auth', '"dcr"')}`]],
    ['[auth.scopes.custom]\n"mcp/a" = "A"\n', [`FILE:5:2: ${missing('auth', '"scopes"')}`]],
    ['[auth]\ncallback_urls = []\n', [`FILE:5:2: ${missing('auth', '"callback_urls"')}`]],
    ['[stages.prod.auth]\nprovider = "cognito"\n', [`FILE:5:14: ${missing('stages.prod.auth', '"provider"')}`]],
    ['[stages.prod]\nauth = { provider = "cognito" }\n', [`FILE:6:8: ${missing('stages.prod.auth', '"provider"')}`]],
    [`${SERVERS}[servers.auth]\nprovider = "cognito"\n`, [`FILE:9:10: ${missing('servers[1].auth', '"provider"')}`]],
    // What is laid over a public server would be idle there.
    ['[auth]\nenabled = false\n[stages.prod.auth]\nprovider = "cognito"\n', [`FILE:7:14: ${idle('stages.prod.auth', 'provider', 'auth')}`]],
    ['[auth]\nenabled = false\nprovider = "cognito"\n[stages.prod.auth.cognito]\nmfa = "required"\n', [`FILE:8:14: ${idle('stages.prod.auth', 'cognito.mfa', 'auth')}`]],
    [`${SERVERS}[servers.auth]\nprovider = "iam"\n[auth]\nenabled = false\n`, [`FILE:9:10: ${idle('servers[1].auth', 'provider', 'auth')}`]],
    [`${SERVERS}[servers.auth]\nenabled = true\nprovider = "iam"\n[stages.dev.auth]\nenabled = false\n[[stages.dev.servers]]\nname = "a"\n[stages.dev.servers.auth]\nprovider = "iam"\n`,
      [`FILE:16:21: ${idle('stages.dev.servers[0].auth', 'provider', 'stages.dev.auth')}`]],
    // Each layer that says so is heard; the base, which is a stage of its own, is not.
    ['[auth]\nprovider = "iam"\n[stages.prod.auth]\nenabled = true\n', [`FILE:5:2: ${missing('auth', '"provider"')}`]],
  ])('%s', (toml, problems) => expect(problemsOf(MINIMAL + toml)).toEqual(problems));

  test.each<[string, string | undefined, boolean]>([
    ['[auth]\nenabled = false\nprovider = "cognito"\n[auth.dcr]\n', undefined, false],
    ['[auth]\nenabled = false\nprovider = "iam"\n[stages.prod.auth]\nenabled = true\n', 'prod', true],
    ['[auth]\nenabled = true\nprovider = "iam"\n[stages.dev.auth]\nenabled = false\n', 'dev', false],
    ['[auth]\nenabled = true\nprovider = "iam"\n[stages.prod.auth]\nprovider = "cognito"\n', 'prod', true],
    [`${SERVERS}[auth]\nenabled = true\nprovider = "iam"\n`, undefined, true],
  ])('a choice that is written out stays one: %s', (toml, stage, enabled) => {
    expect(load(MINIMAL + toml, stage).servers.map(({ auth: { enabled: said } = {} }) => said)).toEqual(expect.arrayContaining([enabled]));
  });

  test('an empty table says nothing, and the construct warns', () => {
    expect(publicWarnings(`${MINIMAL}[auth]\n`)).toHaveLength(1);
  });

  test('beside another fault in the table, both are told', () => {
    expect(problemsOf(`${MINIMAL}[auth]\nprovider = "iam"\n[auth.dcr]\nenabled = 1\n`).map((line) => line.replace(/^FILE:/, ''))).toEqual([
      `5:2: ${missing('auth', '"provider", "dcr"')}`, '8:11: auth.dcr.enabled must be true or false; received 1',
    ]);
  });
});

describe('aws A6: stages that share a user pool or a sign-in domain', () => {
  const POOL = '[auth]\nenabled = true\nprovider = "cognito"\nuser_pool_id = "us-east-1_A"\n[auth.cognito]\ndomain = "people"\n';
  const once = 'identifiers are unique in a user pool of Amazon Cognito (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html)';
  const prefix = 'prefixes are unique in a region (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html)';

  test.each<[string, string[]]>([
    [`${POOL}[stages.prod.server]\nmemory_mb = 1024\n`, [
      `FILE:9:7: auth.cognito.resource_server_id is "mcp of us-east-1_A" in the stages default and prod, but ${once}; `
      + 'set another resource_server_id or user pool for prod in [stages.<name>.auth.cognito]',
    ]],
    [`${POOL}[stages.dev]\n[stages.prod]\n`, [
      `FILE:9:7: auth.cognito.resource_server_id is "mcp of us-east-1_A" in the stages default, dev and prod, but ${once}; `
      + 'set another resource_server_id or user pool for each of dev, prod in [stages.<name>.auth.cognito]',
    ]],
    [`${POOL}resource_server_id = "base"\n[stages.a.auth.cognito]\nresource_server_id = "x"\n[stages.b.auth.cognito]\nresource_server_id = "x"\n`, [
      `FILE:15:22: stages.b.auth.cognito.resource_server_id is "x of us-east-1_A" in the stages a and b, but ${once}; `
      + 'set another resource_server_id or user pool for b in [stages.<name>.auth.cognito]',
    ]],
    ['[auth]\nenabled = true\nprovider = "cognito"\n[auth.cognito]\ndomain = "people"\n[stages.prod]\n', [
      `FILE:9:10: auth.cognito.domain is "people in us-east-1" in the stages default and prod, but ${prefix}; set another domain for prod in [stages.<name>.auth.cognito]`,
    ]],
  ])('%s', (toml, problems) => expect(problemsOf(MINIMAL + toml)).toEqual(problems));

  test.each([
    `${POOL}[stages.prod.auth.cognito]\nresource_server_id = "prod"\n`,
    `${POOL}[stages.prod.auth]\nuser_pool_id = "us-east-1_B"\n`,
    `${POOL}[stages.prod.auth]\nenabled = false\n`,
    `${POOL.replace('[auth.cognito]', 'client_id = "given"\n[auth.cognito]')}[stages.prod]\n`,
    '[auth]\nenabled = true\nprovider = "cognito"\n[auth.cognito]\ndomain = "people"\n[stages.prod.aws]\nregion = "eu-west-1"\n',
    '[auth]\nenabled = true\nprovider = "cognito"\n[stages.prod]\n',
  ])('but not %s', (toml) => expect(load(MINIMAL + toml).stages).toContain('prod'));
});

describe('security M5: audience', () => {
  const CLIENT = '[auth]\nenabled = true\nprovider = "cognito"\nuser_pool_id = "us-east-1_A"\nclient_id = "spa"\n';
  const SERVERS = '[[servers]]\nname = "lunch"\n[[servers]]\nname = "payroll"\n';
  const oidc = (more: string) => `[auth]\nenabled = true\nprovider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "spa"\nscopes = ["a"]\n${more}`;

  test.each<[string, string[]]>([
    [`${CLIENT}[auth.cognito]\ndomain = "people"\n${SERVERS}`, [
      'FILE:9:13: auth.client_id is "spa" for both lunch and payroll: each of them accepts a token of this client without an audience; '
      + 'set strict_audience = true, or use a separate client for each',
      'FILE:10:7: auth.cognito.resource_server_id is "mcp" for both lunch and payroll: a scope that is granted for one of them is accepted by the '
      + 'other; use a separate resource server for each, or set strict_audience = true',
    ]],
    [`${CLIENT}strict_audience = true\n[auth.cognito]\ndomain = "people"\n${SERVERS}`, []],
    [oidc(SERVERS), ['FILE:10:13: auth.oidc.client_id is "spa" for both lunch and payroll: each of them accepts a token of this client; use a separate audience or client for each']],
    [oidc(`audience = "api"\n${SERVERS}`), [
      'FILE:12:12: auth.oidc.audience is "api" for both lunch and payroll: each accepts tokens for the other; remove it, or use a separate audience for each',
    ]],
    [oidc(''), []],
  ])('%s', (toml, warnings) => expect(warningsOf(MINIMAL + toml)).toEqual(warnings));

  test('tokens of the client pass where there is no other audience, and only there', () => {
    const audience = (toml: string) => Object.values(synthesize(MINIMAL + toml).template.findResources('AWS::ApiGatewayV2::Authorizer'))[0].Properties.JwtConfiguration.Audience.slice(1);
    expect(audience(oidc(''))).toEqual(['spa']);
    expect(audience(oidc('audience = "https://api.example.com"\n'))).toEqual(['https://api.example.com']);
    expect(audience(oidc('audience = "https://api.example.com"\n').replace('enabled', 'strict_audience = true\nenabled'))).toEqual(['https://api.example.com']);
    expect(audience('[auth]\nenabled = true\nprovider = "cognito"\nstrict_audience = true\n')).toEqual([]);
  });

  test('strict_audience needs an audience that no client id can equal', () => {
    const strict = (more: string) => problemsOf(MINIMAL + oidc(more).replace('enabled = true', 'enabled = true\nstrict_audience = true'));
    const then = 'it must be a URI, such as "https://api.example.com", which no client id can equal';
    expect(strict('')).toEqual([`FILE:7:19: auth.strict_audience is true, but auth.oidc.audience is missing; ${then}`]);
    expect(strict('audience = "api"\n')).toEqual([`FILE:7:19: auth.strict_audience is true, but auth.oidc.audience is "api"; ${then}`]);
  });
});

describe('quotas and contradictions of [auth]', () => {
  const COGNITO = 'provider = "cognito"\n';
  const custom = (count: number, from = '') => Array.from({ length: count }, (_, index) => `"${from}s${index}" = "x"\n`).join('');
  const listed = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => `s${index}`));
  const tooMany = 'accepts 11 scopes, but API Gateway allows 10 per route (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html); remove some';
  const oidc = 'provider = "oidc"\n[auth.oidc]\nissuer = "https://login.example.com"\nclient_id = "hello"\n';
  test.each<[string, string, string[]]>([
    ['aws A5', `${COGNITO}[auth.scopes.custom]\n${custom(9, 'mcp/')}`, [`FILE:8:14: auth.scopes.custom ${tooMany}`]],
    ['aws A5', `${COGNITO}[auth.dcr]\nallowed_scopes = ${listed(9).replaceAll('"s', '"mcp/s')}\n`, [`FILE:9:18: auth.dcr.allowed_scopes ${tooMany}`]],
    ['aws A5', `${oidc}scopes = ${listed(11)}\n`, [`FILE:11:10: auth.oidc.scopes ${tooMany}`]],
    ['aws A5', `${oidc}[auth.scopes.custom]\n${custom(11)}`, [`FILE:11:14: auth.scopes.custom ${tooMany}`]],
    ['security H3', `${COGNITO}[auth.dcr]\ndefault_scopes = ["mcp/read", "mcp/write"]\nallowed_scopes = ["openid", "mcp/read"]\n`,
      ['FILE:9:31: auth.dcr.default_scopes[1] is "mcp/write", which is not in auth.dcr.allowed_scopes; add it there, or remove it here']],
    ['security H3', `${COGNITO}[auth.dcr]\nallowed_scopes = ["openid"]\n`,
      ['FILE:9:18: auth.dcr.allowed_scopes has no scope of this server, all of which begin with "mcp/"; a client that registers could not call it']],
    ['security H4', `${COGNITO}[auth.dcr]\nmax_clients = 20\n`, [
      'FILE:9:15: auth.dcr.max_clients is 20, more than 19: Amazon Cognito allows 20 managed login styles per user pool '
      + '(https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html), and each client needs one; with sign_in_page = "classic" none does',
    ]],
    ['security H2', `${COGNITO}[auth.cognito]\nsocial_providers = ["Google"]\n`, [
      'FILE:9:20: auth.cognito.social_providers is ["Google"], but auth.cognito.self_sign_up is not true: anyone with an account there becomes a user, '
      + 'invited or not; set self_sign_up = true if that is intended, or remove social_providers',
    ]],
    ['security L8', `${COGNITO}[auth.dcr]\nallowed_scopes = ["mcp/read", "aws.cognito.signin.user.admin"]\n`, [
      'FILE:9:31: auth.dcr.allowed_scopes[1] is "aws.cognito.signin.user.admin"; a scope of this server must begin with "mcp/", as auth.cognito.resource_server_id says, '
      + 'and others must be of openid, email, profile',
    ]],
  ])('%s: %s', (_, toml, problems) => expect(problemsOf(`${MINIMAL}[auth]\nenabled = true\n${toml}`)).toEqual(problems));

  test.each([
    `${COGNITO}[auth.scopes.custom]\n${custom(8, 'mcp/')}`,
    `${COGNITO}[auth.cognito]\nsign_in_page = "classic"\n[auth.dcr]\nmax_clients = 999\n`,
    `${COGNITO}[auth.dcr]\nenabled = false\nallowed_scopes = ["openid"]\n`,
  ])('but not %s', (toml) => {
    expect(load(`${MINIMAL}[auth]\nenabled = true\n${toml}`).servers).toHaveLength(1);
  });
});

test('each function of the sign-in has its own code, and the gateway itself checks tokens', () => {
  const { template } = auth('provider = "cognito"\n[auth.dcr]\n');
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
  const helpers = functions.filter(({ Runtime }) => /^nodejs/.test(Runtime));
  expect(functions.length - helpers.length).toBe(1);
  expect(new Set(helpers.map(({ Code }) => Code.S3Key)).size).toBe(helpers.length);
  template.allResourcesProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'JWT', AuthorizerUri: Match.absent() });
});
