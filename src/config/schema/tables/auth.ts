import { bool, int, listOf, mapOf, matching, oneOf, sensitive, table, text } from '../types';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The seconds in a text like `30d`. */
export function seconds(duration: string): number {
  return Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1) as keyof typeof SECONDS];
}

const url = matching(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)|[a-z][a-z0-9+.-]*:\/)\S*$/, 'a URL with https (or http on localhost, or an app\'s own scheme)');
const httpsUrl = matching(/^https:\/\/[^\s/?#]+[^\s?#]*$/, 'a URL with https, without "?" and "#"');
const scope = matching(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'an OAuth scope');

const scopes = mapOf(scope, text('a text of 1 to 256 characters', 256), 'descriptions');

/** Amazon Cognito counts the life of tokens in minutes. */
function lifetime(least: string, most: string) {
  return matching(/^[1-9]\d{0,5}[smhd]$/, `a time of whole minutes, ${least} to ${most}: a number and s, m, h or d, like "1h" or "30d"`).refine(
    (value) => seconds(value) % 60 === 0 && seconds(value) >= seconds(least) && seconds(value) <= seconds(most), `must be whole minutes, ${least} to ${most}`,
  );
}

const cognito = table({
  user_pool_id: matching(/^[\w-]+_[0-9a-zA-Z]+$/, 'the id of a user pool, like "us-east-1_AbCdEfGhI"').optional().meta({
    description: 'An existing user pool, in the region of the stack. It needs auth.cognito.domain too.', examples: ['us-east-1_AbCdEfGhI'],
  }),
  user_pool_name: matching(/^[\w\s+=,.@-]{1,128}$/, 'a name of 1 to 128 letters, digits, spaces and _+=,.@-').optional().meta({ description: 'Name of the new user pool.', examples: ['hello-users'] }),
  resource_server_id: matching(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'an identifier without white space, quotes and backslashes').default('mcp').meta({ description: 'Identifier of the resource server, the part of a scope before "/". In an existing user pool, each stage and server needs its own.', examples: ['mcp'] }),
  social_providers: listOf(text('the name of a provider'), 'providers').default([]).meta({ description: 'Social sign-in providers, beside self_sign_up = true: "Google", "Facebook", "LoginWithAmazon", "SignInWithApple", or any that an existing user pool has.', examples: [['Google']] }),
  self_sign_up: bool().default(false).meta({
    description: 'Whether people may make themselves users of the new user pool. With social_providers it must be true: everybody who has an account there gets in.', examples: [true],
  }),
  mfa: oneOf(['off', 'optional', 'required']).default('optional').meta({
    description: 'Second factor. "required" is advised: with "optional" the sign-in page asks nobody to set one up.', examples: ['required'],
  }),
  sign_in_case_sensitive: bool().optional().meta({
    description: 'Whether Ada@example.com and ada@example.com are two users of the new user pool. "false" is advised for a new server; never change it for a deployed one.', examples: [false],
  }),
  sign_in_page: oneOf(['managed', 'classic']).default('managed').meta({
    description: 'The page on which people sign in: managed login, or the classic hosted UI, which an existing user pool may have.', examples: ['managed'],
  }),
  access_token_ttl: lifetime('5m', '24h').default('1h').meta({ description: 'How long an access token is good.', examples: ['1h'] }),
  refresh_token_ttl: lifetime('60m', '3650d').default('30d').meta({ description: 'How long a sign-in is good.', examples: ['30d'] }),
  domain: matching(/^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a prefix of 1 to 63 small letters, digits and inner hyphens, '
    + 'without "aws", "amazon" and "cognito"').optional().meta({ description: 'Prefix of the sign-in page\'s domain, one for each stage; of an existing user pool, the one that it has.', examples: ['hello-auth'] }),
}).meta({ description: 'Sign-in with Amazon Cognito.' });

const oidc = table({
  provider_type: text().default('generic').meta({ description: 'Kind of the provider.', examples: ['generic'] }),
  issuer: httpsUrl.meta({ description: 'Issuer URL.', examples: ['https://login.example.com'] }),
  client_id: text().meta({ description: 'Client id of this server at the provider.', examples: ['hello'] }),
  client_secret: text().register(sensitive, { sensitive: true }).optional().meta({ description: 'Not used on AWS: a secret does not belong in this file.' }),
  audience: text().optional().meta({ description: 'Audience that tokens must have, if it is not the URL of the endpoint. Without it, client_id is one, too.', examples: ['https://mcp.example.com/mcp'] }),
  jwks_url: httpsUrl.optional().meta({ description: 'Where the provider\'s keys are; found by discovery otherwise.', examples: ['https://login.example.com/keys'] }),
  scopes: listOf(scope, 'scopes').optional().meta({ description: 'Scopes, one of which a token must have; at most 10.', examples: [['mcp/read']] }),
}).meta({ description: 'Tokens of an OpenID Connect provider that signs with RSA and can be reached publicly.' });

const dcr = table({
  enabled: bool().default(true).meta({ description: 'Whether clients may register themselves. Without the table [auth.dcr] they may not.' }),
  public_client_patterns: listOf(text('a client name'), 'client names').default([]).meta({
    description: 'Names of clients that get no secret.', examples: [['claude', 'cursor']],
  }),
  max_clients: int(1, 999).optional().meta({
    description: 'How many clients may be registered at a time: at most 19, which is the default, or 999 (500) with sign_in_page = "classic".', examples: [19],
  }),
  default_scopes: listOf(scope, 'scopes').default([]).meta({ description: 'Scopes that a client gets that asks for none; all of allowed_scopes, if there are any.', examples: [['openid', 'mcp/read']] }),
  allowed_scopes: listOf(scope, 'scopes').default([]).meta({ description: 'Scopes that a client may have.', examples: [['openid', 'mcp/read', 'mcp/write']] }),
}).meta({ description: 'Dynamic client registration.' });

export const auth = table({
  enabled: bool().optional().meta({ description: 'Whether clients must sign in. Required as soon as the table has another key.', examples: [false] }),
  provider: oneOf(['none', 'iam', 'cognito', 'oidc']).default('none').meta({ description: 'Who signs them in: "none", "iam", "cognito" or "oidc".', examples: ['none'] }),
  callback_urls: listOf(url, 'URLs').default([]).meta({ description: 'Redirect URLs of clients, beside those of the known ones.', examples: [['https://app.example.com/callback']] }),
  user_pool_id: cognito.shape.user_pool_id,
  client_id: matching(/^[\w+]{1,128}$/, 'the id of an app client').optional().meta({ description: 'An existing app client of the user pool.', examples: ['1h57kf5cpq17m0eml12EXAMPLE'] }),
  strict_audience: bool().default(false).meta({
    description: 'Refuse tokens without an audience, which some widely used MCP clients have; set it where servers share a client.', examples: [false],
  }),
  cognito: cognito.optional(),
  oidc: oidc.optional(),
  dcr: dcr.optional(),
  scopes: table({ custom: scopes.optional().meta({ description: 'Scopes of your own and what they allow.', examples: [{ 'mcp/admin': 'Administration' }] }) })
    .optional().meta({ description: 'Scopes beside those of the provider.' }),
}).meta({ description: 'Who may call the server.' });
