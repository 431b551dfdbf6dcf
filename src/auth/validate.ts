import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { McpCognitoAuthOptions } from './cognito/cognito-options';
import { maxClients } from './cognito/quotas';
import { firstScopes, mcpScopes, scopesOf, USER_SCOPES } from './cognito/scopes';
import { McpJwtAuthOptions } from './jwt-options';
import { AUDIENCE_URI, DOMAIN_PREFIX, ISSUER, SCOPE } from './patterns';
import { checkScopeCount } from '../endpoint/quotas';
import { UserError } from '../util/user-error';

/**
 * API Gateway's quota of audiences per JWT authorizer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const MAX_AUDIENCES = 50;

const OPTIONS_OF_NEW_POOLS = [
  'userPoolName', 'mfa', 'passwordPolicy', 'selfSignUp', 'socialProviders', 'removalPolicy', 'customDomain', 'deletionProtection',
  'signInCaseSensitive',
] as const;

/**
 * Audiences of an authorizer: the endpoint itself, and the given ones.
 *
 * @internal
 */
export function audiences(resource: string, given: string[]): string[] {
  return [...new Set([resource, ...given])];
}

/**
 * @throws UserError if options of McpAuth.jwt are invalid
 * @internal
 */
export function checkJwt(options: McpJwtAuthOptions): void {
  const { issuer, scopes, audience = [] } = options;
  if (!Token.isUnresolved(issuer) && !ISSUER.test(issuer)) {
    throw new UserError(`issuer is ${JSON.stringify(issuer)}: it must be an https URL without "?" and "#", such as `
      + 'https://login.example.com');
  }
  checkScopes('scopes', scopes);
  checkScopeCount('scopes', new Set(scopes).size);
  if (audience.length >= MAX_AUDIENCES) {
    throw new UserError(`audience has ${audience.length} values: API Gateway allows ${MAX_AUDIENCES}, including the URL of the endpoint`);
  }
  const notUri = audience.find((value) => !Token.isUnresolved(value) && !AUDIENCE_URI.test(value));
  if (options.strictAudience && notUri !== undefined) {
    throw new UserError(`audience has ${JSON.stringify(notUri)}, which may be a client id: with strictAudience each value must be a `
      + 'URI, such as '
      + 'https://api.example.com, because API Gateway compares the client id of a token without "aud"');
  }
  checkResourceUrl(options.resourceUrl);
}

/**
 * @throws UserError if an option of McpAuth.cognito is invalid or contradicts another
 * @internal
 */
export function checkCognito(options: McpCognitoAuthOptions): void {
  const { userPool, userPoolClient, strictAudience, machineClient, resourceServerId = 'mcp' } = options;
  if (userPool) {
    refuse(options, OPTIONS_OF_NEW_POOLS, 'userPool', 'they configure a new user pool');
    if (options.domainPrefix === undefined && options.signInUrl === undefined) {
      throw new UserError('userPool needs domainPrefix, the prefix of its sign-in page, or signInUrl, the URL of that page: MCP '
        + 'clients open it');
    }
  } else {
    refuse(options, ['userPoolClient', 'signInUrl', 'identityProviders'], 'a new user pool', 'they configure an existing one: set '
      + 'userPool');
  }
  if (options.domainPrefix !== undefined && options.customDomain) throw new UserError('domainPrefix and customDomain cannot be combined');
  if (userPoolClient) {
    refuse(options, ['callbackUrls', 'accessTokenValidity', 'refreshTokenValidity', 'machineClient', 'identityProviders'], 'userPoolClient',
      'nothing is added to the pool then');
  }
  if (options.scopes?.length === 0) {
    throw new UserError('scopes is empty: at least one is required, because ID tokens have none and would be accepted otherwise; '
      + 'remove scopes for read and write');
  }
  for (const { scopeName } of options.scopes ?? []) {
    if (SCOPE.test(scopeName) && !scopeName.includes('/')) continue;
    throw new UserError(`scopes has the name ${JSON.stringify(scopeName)}: it must be printable, without whitespace, quotes, "\\" and "/"`);
  }
  checkScopeCount('scopes', scopesOf(options).length);
  if (!SCOPE.test(resourceServerId)) {
    throw new UserError(`resourceServerId is ${JSON.stringify(resourceServerId)}: it must be printable, without whitespace, quotes and `
      + '"\\"');
  }
  if (strictAudience && machineClient) {
    throw new UserError('strictAudience and machineClient cannot be combined: tokens of client_credentials have no "aud" in Amazon '
      + 'Cognito');
  }
  if (options.defaultScopes) checkScopes('defaultScopes', options.defaultScopes);
  const prefix = options.domainPrefix;
  if (prefix !== undefined && !Token.isUnresolved(prefix) && !DOMAIN_PREFIX.test(prefix)) {
    throw new UserError(`domainPrefix is ${JSON.stringify(prefix)}: it must have 1 to 63 lowercase letters, digits and inner hyphens, `
      + 'and must '
      + 'not contain aws, amazon or cognito');
  }
  for (const name of ['maxPerHour', 'maxPerHourAndAddress', 'maxClients'] as const) {
    const limit = options.registration?._options[name];
    if (limit === undefined || (Number.isInteger(limit) && limit > 0)) continue;
    throw new UserError(`registration.${name} is ${limit}: it must be a positive integer`);
  }
  if (options.registration) {
    maxClients(options);
    checkRegisteredScopes(options);
  }
  checkEntry(options);
  checkResourceUrl(options.resourceUrl);
}

/** Check who may sign in to a new user pool, and its deletion protection. */
function checkEntry({ socialProviders = [], selfSignUp, deletionProtection, removalPolicy }: McpCognitoAuthOptions): void {
  if (socialProviders.length > 0 && selfSignUp !== true) {
    throw new UserError(`socialProviders has ${socialProviders.map(({ _name }) => _name).join(', ')}, but selfSignUp is not true: `
      + 'anyone with an '
      + 'account there becomes a user, invited or not '
      + '(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html); '
      + 'set selfSignUp to true if that is intended, or remove socialProviders');
  }
  if (deletionProtection && removalPolicy === RemovalPolicy.DESTROY) {
    throw new UserError('deletionProtection and RemovalPolicy.DESTROY cannot be combined: Amazon Cognito would refuse to delete the '
      + 'user pool');
  }
}

/** Check the scopes that a registered client may have, and those it gets if it requests none. */
function checkRegisteredScopes(options: McpCognitoAuthOptions): void {
  const { registration, defaultScopes = [] } = options;
  const allowed = registration?._options.allowedScopes;
  if (!allowed) return;
  checkScopes('registration.allowedScopes', allowed);
  const known = [...USER_SCOPES, 'phone', ...mcpScopes(options)];
  const unknown = allowed.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw new UserError(`registration.allowedScopes has ${JSON.stringify(unknown)}: it must be one of ${known.join(', ')}`);
  }
  const refused = defaultScopes.find((scope) => !allowed.includes(scope));
  if (refused !== undefined) {
    throw new UserError(`defaultScopes has ${JSON.stringify(refused)}, which is not in registration.allowedScopes: a registered client `
      + 'could not '
      + 'sign in with it');
  }
  if (firstScopes(options).length === 0) {
    throw new UserError(`registration.allowedScopes has none of the server's scopes, which are ${mcpScopes(options).join(', ')}: `
      + 'add one, or set defaultScopes to the scopes of a client that requests none');
  }
}

function checkScopes(name: string, scopes: string[]): void {
  if (scopes.length === 0) {
    throw new UserError(`${name} is empty: at least one scope is required, because ID tokens have none and would be accepted otherwise`);
  }
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) {
    throw new UserError(`${name} has ${JSON.stringify(wrong)}: a scope must be printable, without whitespace, quotes and "\\"`);
  }
}

/**
 * Origin of the URL of an endpoint. Clients read the well-known documents at its root, so the path must not have a prefix.
 *
 * @throws UserError if the URL is not the origin followed by the path
 *
 * @internal
 */
export function originOf(resourceUrl: string, path: string): string {
  const origin = /^https:\/\/[^/]+/.exec(resourceUrl)?.[0] ?? '';
  if (resourceUrl !== `${origin}${path}` && !(path === '/' && resourceUrl === origin)) {
    throw new UserError(`resourceUrl is ${JSON.stringify(resourceUrl)}, but the path of the endpoint is ${JSON.stringify(path)}: it `
      + 'must be an '
      + 'origin followed by that path');
  }
  return origin;
}

function checkResourceUrl(url: string | undefined): void {
  if (url !== undefined && !/^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/.test(url)) {
    throw new UserError(`resourceUrl is ${JSON.stringify(url)}: it must be the full https URL of the endpoint, such as `
      + 'https://mcp.example.com/mcp');
  }
}

function refuse(options: McpCognitoAuthOptions, names: ReadonlyArray<keyof McpCognitoAuthOptions>, other: string, reason: string): void {
  const given = names.filter((name) => options[name] !== undefined && options[name] !== false);
  if (given.length > 0) throw new UserError(`${given.join(', ')} cannot be combined with ${other}: ${reason}`);
}
