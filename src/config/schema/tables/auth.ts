import { DOMAIN_PREFIX, ISSUER, SCOPE } from '../../../auth/patterns';
import { bool, int, listOf, mapOf, matching, oneOf, sensitive, table, text } from '../types';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Amazon Cognito's limit for a scope and for the identifier of a resource server. */
const MAX_SCOPE = 256;

/** The seconds in a duration like `30d`. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1) as keyof typeof SECONDS];
}

const redirectUrl = matching(
  /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)|[a-z][a-z0-9+.-]*:\/)\S*$/,
  'a URL with https (or http on localhost, or the scheme of an app)',
);
const httpsUrl = matching(ISSUER, 'a URL with https, without "?" and "#"');
const scope = matching(SCOPE, 'an OAuth scope').max(MAX_SCOPE);

/** Amazon Cognito counts the lifetime of tokens in minutes. */
function lifetime(min: string, max: string) {
  return matching(
    /^[1-9]\d{0,5}[smhd]$/, `a duration of whole minutes, ${min} to ${max}: a number and s, m, h or d, like "1h" or "30d"`,
  ).refine(
    (value) => secondsOf(value) % 60 === 0 && secondsOf(value) >= secondsOf(min) && secondsOf(value) <= secondsOf(max),
    `must be whole minutes, ${min} to ${max}`,
  );
}

const cognito = table({
  user_pool_id: matching(/^[\w-]+_[0-9a-zA-Z]+$/, 'the id of a user pool, like "us-east-1_AbCdEfGhI"').optional().meta({
    description: 'Id of an existing user pool, in the region of the stack. Requires auth.cognito.domain.',
    examples: ['us-east-1_AbCdEfGhI'],
  }),
  user_pool_name: matching(/^[\w\s+=,.@-]{1,128}$/, 'a name of 1 to 128 letters, digits, spaces and _+=,.@-').optional().meta({
    description: 'Name of the new user pool.',
    examples: ['hello-users'],
  }),
  resource_server_id: matching(SCOPE, 'an identifier without whitespace, quotes and backslashes').max(MAX_SCOPE).default('mcp').meta({
    description: 'Identifier of the resource server: the part of a scope before "/". In an existing user pool, each stage and server '
      + 'needs its own.',
    examples: ['mcp'],
  }),
  social_providers: listOf(text('the name of a provider'), 'providers').default([]).meta({
    description: 'Social sign-in providers: "Google", "Facebook", "LoginWithAmazon" or "SignInWithApple"; with an existing user pool, '
      + 'any that it '
      + 'has. With a new one, self_sign_up must be true.',
    examples: [['Google']],
  }),
  self_sign_up: bool().default(false).meta({
    description: 'If true, anyone can create an account in the new user pool. With social_providers it must be true: everyone who has an '
      + 'account at '
      + 'the provider becomes a user.',
    examples: [true],
  }),
  mfa: oneOf(['off', 'optional', 'required']).default('optional').meta({
    description: 'Second factor at sign-in. "required" is recommended: with "optional", the sign-in page does not ask users to set one up.',
    examples: ['required'],
  }),
  sign_in_case_sensitive: bool().optional().meta({
    description: 'If true, Ada@example.com and ada@example.com are two users of the new user pool. false is recommended for a new '
      + 'server. Do not '
      + 'change it for a deployed one.',
    examples: [false],
  }),
  sign_in_page: oneOf(['managed', 'classic']).default('managed').meta({
    description: 'Sign-in page: "managed" (managed login), or "classic" (the hosted UI, which an existing user pool may use).',
    examples: ['managed'],
  }),
  access_token_ttl: lifetime('5m', '24h').default('1h').meta({ description: 'Access token lifetime.', examples: ['1h'] }),
  refresh_token_ttl: lifetime('60m', '3650d').default('30d').meta({
    description: 'Refresh token lifetime: how long users stay signed in.',
    examples: ['30d'],
  }),
  domain: matching(
    DOMAIN_PREFIX, 'a prefix of 1 to 63 lowercase letters, digits and inner hyphens, without "aws", "amazon" and "cognito"',
  ).optional().meta({
    description: 'Prefix of the sign-in page\'s domain. Each stage needs its own. For an existing user pool, the prefix of its domain.',
    examples: ['hello-auth'],
  }),
}).meta({ description: 'Sign-in with Amazon Cognito.' });

const oidc = table({
  provider_type: text().default('generic').meta({ description: 'Kind of provider.', examples: ['generic'] }),
  issuer: httpsUrl.meta({ description: 'Issuer URL.', examples: ['https://login.example.com'] }),
  client_id: text().meta({ description: 'Client id of this server at the provider.', examples: ['hello'] }),
  client_secret: text().register(sensitive, { sensitive: true }).optional().meta({
    description: 'Client secret of this server. Do not put secrets into this file.',
  }),
  audience: text().optional().meta({
    description: 'Audience that tokens may have instead of the endpoint\'s URL. Without it, that is client_id.',
    examples: ['https://mcp.example.com/mcp'],
  }),
  jwks_url: httpsUrl.optional().meta({
    description: 'URL of the provider\'s keys.',
    examples: ['https://login.example.com/keys'],
  }),
  scopes: listOf(scope, 'scopes').optional().meta({
    description: 'Scopes that open the server: a token must have one of them. At most 10.',
    examples: [['mcp/read']],
  }),
}).meta({ description: 'Tokens of an OpenID Connect provider. It must sign with RSA and be publicly reachable.' });

const dcr = table({
  enabled: bool().default(true).meta({
    description: 'If true, clients can register themselves. Without the table [auth.dcr], they cannot.',
  }),
  public_client_patterns: listOf(text('a client name'), 'client names').default([]).meta({
    description: 'Names of clients that get no secret.',
    examples: [['claude', 'cursor']],
  }),
  max_clients: int(1, 999).optional().meta({
    description: 'Maximum number of registered clients: 19, which is also the default. With sign_in_page = "classic": 999, and the '
      + 'default is 500.',
    examples: [19],
  }),
  default_scopes: listOf(scope, 'scopes').default([]).meta({
    description: 'Scopes of a client that requests none. Without it: allowed_scopes.',
    examples: [['openid', 'mcp/read']],
  }),
  allowed_scopes: listOf(scope, 'scopes').default([]).meta({
    description: 'Scopes that a client can have.',
    examples: [['openid', 'mcp/read', 'mcp/write']],
  }),
}).meta({ description: 'Dynamic client registration.' });

const customScopes = mapOf(scope, text('a text of 1 to 256 characters', 256), 'descriptions');

export const auth = table({
  enabled: bool().optional().meta({
    description: 'If true, clients must sign in. Required if the table has another key.',
    examples: [false],
  }),
  provider: oneOf(['none', 'iam', 'cognito', 'oidc']).default('none').meta({
    description: 'How callers are authenticated: "none", "iam", "cognito" or "oidc".',
    examples: ['none'],
  }),
  callback_urls: listOf(redirectUrl, 'URLs').default([]).meta({
    description: 'Redirect URLs of clients, in addition to those of known clients.',
    examples: [['https://app.example.com/callback']],
  }),
  user_pool_id: cognito.shape.user_pool_id,
  client_id: matching(/^[\w+]{1,128}$/, 'the id of an app client').optional().meta({
    description: 'Id of an existing app client of the user pool.',
    examples: ['1h57kf5cpq17m0eml12EXAMPLE'],
  }),
  strict_audience: bool().default(false).meta({
    description: 'If true, tokens without an audience are refused. Some widely used MCP clients have such tokens. Set it if servers '
      + 'share a client.',
    examples: [false],
  }),
  cognito: cognito.optional(),
  oidc: oidc.optional(),
  dcr: dcr.optional(),
  scopes: table({
    custom: customScopes.optional().meta({
      description: 'Custom scopes, each with a description of what it allows.',
      examples: [{ 'mcp/admin': 'Administration' }],
    }),
  }).optional().meta({ description: 'Scopes in addition to those of the provider.' }),
}).meta({ description: 'Authentication: who can call the server.' });
