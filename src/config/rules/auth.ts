import { enabledErrors } from './auth-enabled';
import { UNKNOWN_REGION } from './partial-validation';
import { SOCIAL_PROVIDERS } from '../../auth/cognito/social-provider-names';
import { dotted, type Finding, show } from '../diagnostics/issues';
import { isTable, type Path, type Source } from '../diagnostics/source';
import type { Deployment } from '../schema';
import { scopePrefix, serverScopes } from '../schema/auth-scopes';
import { secondsOf } from '../schema/tables/auth';

type Auth = NonNullable<Deployment['auth']>;

/**
 * Scopes about the user, which every user pool has. They do not include aws.cognito.signin.user.admin, which would allow a client to
 * change the user's password and e-mail address.
 */
const USER_SCOPES = ['openid', 'email', 'profile', 'phone'];

/** API Gateway's quota for a route: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MOST_SCOPES = 10;

/**
 * One less than the styles that Amazon Cognito allows in a user pool: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const MOST_CLIENTS_WITH_STYLES = 19;

/** Contradictions and missing keys in `[auth]`. */
export function authErrors({ auth, aws: { region } }: Deployment, source: Source): Finding[] {
  const undecided = enabledErrors(source);
  if (undecided.length > 0 || !auth?.enabled) return undecided;
  const at = finder(source);
  switch (auth.provider) {
    case 'none':
      return [at(['enabled'], 'is true, but auth.provider is "none"; set provider to "cognito", "oidc" or "iam", or enabled to false '
        + 'for a public server')];
    case 'iam':
      return [];
    case 'oidc':
      return oidcErrors(auth, at);
    case 'cognito':
      return [...poolErrors(auth, region, at), ...scopeErrors(auth, at), ...registrationErrors(auth, at)];
  }
}

type At = (path: Path, predicate: string, aboutKey?: boolean) => Finding;

function finder(source: Source): At {
  return (path, predicate, aboutKey) => {
    const place = source.origin(['auth', ...path]);
    return { path: place, text: `${dotted(place)} ${predicate}`, aboutKey };
  };
}

function oidcErrors({ oidc, scopes, strict_audience: strict }: Auth, at: At): Finding[] {
  if (!oidc) return [at(['provider'], 'is "oidc", but there is no table [auth.oidc]; add it, with issuer and client_id')];
  const found: Finding[] = [];
  const count = new Set([...oidc.scopes ?? [], ...Object.keys(scopes?.custom ?? {})]).size;
  if (count === 0) {
    found.push(at(['oidc', 'scopes'], 'is missing: it must be an array of scopes, one of which a token must have; without it, ID '
      + 'tokens would be accepted, which have none'));
  }
  if (count > MOST_SCOPES) found.push(at(oidc.scopes ? ['oidc', 'scopes'] : ['scopes', 'custom'], tooManyScopes(count)));
  if (strict && !/^[a-z][a-z0-9+.-]*:/i.test(oidc.audience ?? '')) {
    const audience = oidc.audience === undefined ? 'missing' : show(oidc.audience);
    found.push(at(['strict_audience'], `is true, but auth.oidc.audience is ${audience}; it must be a URI, such as `
      + '"https://api.example.com", which no client id can equal'));
  }
  return found;
}

function tooManyScopes(count: number): string {
  return `accepts ${count} scopes, but API Gateway allows ${MOST_SCOPES} per route `
    + '(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html); remove some';
}

function poolErrors(auth: Auth, region: string, at: At): Finding[] {
  const { cognito, user_pool_id: id } = auth;
  const found: Finding[] = [];
  const poolPath = id === undefined ? ['cognito', 'user_pool_id'] : ['user_pool_id'];
  const pool = id ?? cognito?.user_pool_id;
  if (id !== undefined && cognito?.user_pool_id !== undefined && cognito.user_pool_id !== id) {
    found.push(at(['cognito', 'user_pool_id'], `is ${show(cognito.user_pool_id)}, but auth.user_pool_id is ${show(id)}; remove one of `
      + 'the two'));
  }
  if (pool === undefined) {
    if (auth.client_id !== undefined) {
      found.push(at(['client_id'], 'names a client of an existing user pool, but auth.user_pool_id is '
      + 'missing'));
    }
    if (cognito && cognito.social_providers.length > 0 && !cognito.self_sign_up) {
      found.push(at(['cognito', 'social_providers'], `is ${show(cognito.social_providers)}, but auth.cognito.self_sign_up is not true: `
        + 'anyone with an account there becomes a user, '
        + 'invited or not; set self_sign_up = true if that is intended, or remove social_providers'));
    }
    cognito?.social_providers.forEach((name, index) => {
      if (SOCIAL_PROVIDERS.includes(name)) return;
      found.push(at(['cognito', 'social_providers', index], `must be one of ${SOCIAL_PROVIDERS.map((each) => `"${each}"`).join(', ')} `
        + `with a new user pool; received ${show(name)}`));
    });
  } else {
    if (cognito?.domain === undefined) {
      found.push(at(poolPath, 'names an existing user pool, but auth.cognito.domain is missing: set it to the prefix of the sign-in '
        + 'domain of the pool'));
    }
    if (region !== UNKNOWN_REGION && pool.split('_')[0] !== region) {
      found.push(at(poolPath, 'must be a user pool in the region of the '
      + `stack, ${region}; received ${show(pool)}`));
    }
  }
  if (cognito && secondsOf(cognito.access_token_ttl) > secondsOf(cognito.refresh_token_ttl)) {
    found.push(at(['cognito', 'access_token_ttl'], `is ${show(cognito.access_token_ttl)}, longer than auth.cognito.refresh_token_ttl, `
      + `which is ${show(cognito.refresh_token_ttl)}`));
  }
  return found;
}

function scopeErrors(auth: Auth, at: At): Finding[] {
  const { dcr, scopes } = auth;
  const prefix = scopePrefix(auth);
  const count = serverScopes(auth).size;
  const refused = (path: Path, scope: string, aboutKey?: boolean): Finding[] => {
    const own = scope.startsWith(prefix) ? scope.slice(prefix.length) : undefined;
    if (own?.includes('/') || own === '') {
      return [at(path, `is ${show(scope)}; what follows ${show(prefix)} must be a name without "/"`, aboutKey)];
    }
    // A name without prefix is one of this server's scopes in [auth.scopes.custom].
    if (own !== undefined || (aboutKey ? !scope.includes('/') : USER_SCOPES.includes(scope))) return [];
    return [at(path, `is ${show(scope)}; a scope of this server must begin with ${show(prefix)}, as auth.cognito.resource_server_id says${
      aboutKey ? '' : `, and others must be of ${USER_SCOPES.slice(0, 3).join(', ')}`}`, aboutKey)];
  };
  return [
    ...count > MOST_SCOPES ? [at(scopes?.custom ? ['scopes', 'custom'] : ['dcr', 'allowed_scopes'], tooManyScopes(count))] : [],
    ...(['default_scopes', 'allowed_scopes'] as const).flatMap((key) => (
      (dcr?.[key] ?? []).flatMap((scope, index) => refused(['dcr', key, index], scope))
    )),
    ...Object.keys(scopes?.custom ?? {}).flatMap((scope) => refused(['scopes', 'custom', scope], scope, true)),
  ];
}

/** Contradictions about clients that register. */
function registrationErrors(auth: Auth, at: At): Finding[] {
  const { dcr, cognito } = auth;
  if (!dcr?.enabled) return [];
  const found: Finding[] = [];
  if (cognito?.sign_in_page !== 'classic' && (dcr.max_clients ?? 0) > MOST_CLIENTS_WITH_STYLES) {
    found.push(at(['dcr', 'max_clients'], `is ${dcr.max_clients}, more than ${MOST_CLIENTS_WITH_STYLES}: Amazon Cognito allows `
      + `${MOST_CLIENTS_WITH_STYLES + 1} managed login `
      + 'styles per user pool (https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html), and each client needs one; with '
      + 'sign_in_page = "classic" none does'));
  }
  const { allowed_scopes: allowed, default_scopes: defaults } = dcr;
  if (allowed.length === 0) return found;
  defaults.forEach((scope, index) => {
    if (!allowed.includes(scope)) {
      found.push(at(['dcr', 'default_scopes', index], `is ${show(scope)}, which is not in `
      + 'auth.dcr.allowed_scopes; add it there, or remove it here'));
    }
  });
  const prefix = scopePrefix(auth);
  if (defaults.length === 0 && !allowed.some((scope) => scope.startsWith(prefix))) {
    found.push(at(['dcr', 'allowed_scopes'], `has no scope of this server, all of which begin with ${show(prefix)}; a client that `
      + 'registers could not call it'));
  }
  return found;
}

/** Keys of `[auth]` without effect in this configuration. A public server gets no such warning, because it may be protected later. */
export function authWarnings({ auth }: Deployment, source: Source): Finding[] {
  if (!auth?.enabled) return [];
  const at = finder(source);
  const given = isTable(source.table.auth) ? source.table.auth : {};
  const cognito = isTable(given.cognito) ? given.cognito : {};
  const idle = (why: string, keys: readonly string[], within?: string) => keys
    .filter((key) => (within ? cognito : given)[key] !== undefined)
    .map((key) => at(within ? [within, key] : [key], `has no effect: ${why}`, true));
  if (auth.provider === 'iam') {
    const others = ['callback_urls', 'user_pool_id', 'client_id', 'strict_audience', 'cognito', 'oidc', 'dcr', 'scopes'];
    return idle('auth.provider is "iam"', others);
  }
  if (auth.provider === 'oidc') return idle('auth.provider is "oidc"', ['callback_urls', 'user_pool_id', 'client_id', 'cognito', 'dcr']);
  const pool = auth.user_pool_id ?? auth.cognito?.user_pool_id;
  return [
    ...idle('auth.provider is "cognito"', ['oidc']),
    ...pool === undefined ? [] : idle(
      'the existing user pool has its own', ['user_pool_name', 'mfa', 'self_sign_up', 'sign_in_case_sensitive'], 'cognito',
    ),
    ...pool === undefined || auth.client_id === undefined ? [] : [
      ...idle('the existing client has its own', ['callback_urls']),
      ...idle('the existing client has its own', ['social_providers', 'access_token_ttl', 'refresh_token_ttl'], 'cognito'),
    ],
  ];
}
