import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { McpCognitoAuthOptions, McpJwtAuthOptions, McpSocialProvider } from './auth-options';
import { checkScopeCount, maxClients } from './quotas';
import { firstScopes, mcpScopes, PERSON_SCOPES, scopesOf } from './scopes';
import { SOCIAL_PROVIDERS } from './social-providers';
import { UserError } from '../util/user-error';

/** API Gateway's limit for a JWT authorizer. */
const MAX_AUDIENCES = 50;

/** RFC 6749: printable, but no space, quote or backslash. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The audiences of an authorizer: the endpoint itself, and those given.
 *
 * @internal
 */
export function audiences(resource: string, given: string[]): string[] {
  return [...new Set([resource, ...given])];
}

/**
 * @throws when options of McpAuth.jwt are wrong
 * @internal
 */
export function checkJwt(options: McpJwtAuthOptions): void {
  const { issuer, scopes, audience = [] } = options;
  if (!Token.isUnresolved(issuer) && !/^https:\/\/[^\s/?#]+[^\s?#]*$/.test(issuer)) {
    throw new UserError(`issuer is ${JSON.stringify(issuer)}: it must be a URL with https and without "?" and "#", such as https://login.example.com`);
  }
  checkScopes('scopes', scopes);
  checkScopeCount('scopes', new Set(scopes).size);
  if (audience.length >= MAX_AUDIENCES) {
    throw new UserError(`audience has ${audience.length} values: API Gateway takes ${MAX_AUDIENCES}, the URL of the endpoint among them`);
  }
  const notUri = audience.find((value) => !Token.isUnresolved(value) && !/^[a-z][a-z0-9+.-]*:/i.test(value));
  if (options.strictAudience && notUri !== undefined) {
    throw new UserError(`audience has ${JSON.stringify(notUri)}, which may be a client id: with strictAudience each value must be a URI, such as https://api.example.com, `
      + 'because API Gateway compares the client id of a token without "aud"');
  }
  checkResourceUrl(options.resourceUrl);
}

/**
 * @throws when options of McpAuth.cognito do not go together
 * @internal
 */
export function checkCognito(options: McpCognitoAuthOptions): void {
  const { userPool, userPoolClient, strictAudience, machineClient, resourceServerId = 'mcp' } = options;
  if (userPool) {
    refuse(options, ['userPoolName', 'mfa', 'passwordPolicy', 'selfSignUp', 'socialProviders', 'removalPolicy', 'customDomain', 'deletionProtection', 'signInCaseSensitive'],
      'userPool', 'they are of a new user pool');
    if (options.domainPrefix === undefined && options.signInUrl === undefined) {
      throw new UserError('userPool needs domainPrefix, the prefix of its sign-in page, or signInUrl, the address of that page: MCP clients are sent there');
    }
  } else {
    refuse(options, ['userPoolClient', 'signInUrl', 'identityProviders'], 'a new user pool', 'they are of an existing one: give userPool');
  }
  if (options.domainPrefix !== undefined && options.customDomain) throw new UserError('domainPrefix and customDomain cannot be set together');
  if (userPoolClient) {
    refuse(options, ['callbackUrls', 'accessTokenValidity', 'refreshTokenValidity', 'machineClient', 'identityProviders'], 'userPoolClient',
      'nothing is made in the pool then');
  }
  if (options.scopes?.length === 0) {
    throw new UserError('scopes is empty: at least one is required, because ID tokens, which have none, would pass without; leave scopes out for read and write');
  }
  for (const { name } of options.scopes ?? []) {
    if (!SCOPE.test(name) || name.includes('/')) throw new UserError(`scopes has the name ${JSON.stringify(name)}: it must be printable, without white space, quotes, "\\" and "/"`);
  }
  checkScopeCount('scopes', scopesOf(options).length);
  if (!SCOPE.test(resourceServerId)) throw new UserError(`resourceServerId is ${JSON.stringify(resourceServerId)}: it must be printable, without white space, quotes and "\\"`);
  if (strictAudience && machineClient) {
    throw new UserError('strictAudience and machineClient cannot be set together: Amazon Cognito sets no "aud" in tokens of client_credentials');
  }
  if (options.defaultScopes) checkScopes('defaultScopes', options.defaultScopes);
  const prefix = options.domainPrefix;
  if (prefix !== undefined && !Token.isUnresolved(prefix) && (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) || /aws|amazon|cognito/.test(prefix))) {
    throw new UserError(`domainPrefix is ${JSON.stringify(prefix)}: it must be 1 to 63 small letters, digits and inner hyphens, and must not contain aws, amazon or cognito`);
  }
  for (const name of ['maxPerHour', 'maxPerHourAndAddress', 'maxClients'] as const) {
    const limit = options.registration?.[name];
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) throw new UserError(`registration.${name} is ${limit}: it must be a whole number above 0`);
  }
  if (options.registration) {
    maxClients(options);
    checkRegisteredScopes(options);
  }
  options.socialProviders?.forEach(checkSocialProvider);
  checkEntry(options);
  checkResourceUrl(options.resourceUrl);
}

/** Who may enter a new user pool, and whether it can be deleted. */
function checkEntry({ socialProviders = [], selfSignUp, deletionProtection, removalPolicy }: McpCognitoAuthOptions): void {
  if (socialProviders.length > 0 && selfSignUp !== true) {
    throw new UserError(`socialProviders has ${socialProviders.map(({ name }) => name).join(', ')}, and selfSignUp is not true: everybody who has an account there becomes a user `
      + '(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html), invited or not; '
      + 'set selfSignUp to true where that is meant, or leave socialProviders out');
  }
  if (deletionProtection && removalPolicy === RemovalPolicy.DESTROY) {
    throw new UserError('deletionProtection and RemovalPolicy.DESTROY cannot be set together: Amazon Cognito would refuse to delete the user pool');
  }
}

/** What a client may have that registers, and what it gets when it asks for nothing. */
function checkRegisteredScopes(options: McpCognitoAuthOptions): void {
  const { registration, defaultScopes = [] } = options;
  const allowed = registration?.allowedScopes;
  if (!allowed) return;
  checkScopes('registration.allowedScopes', allowed);
  const known = [...PERSON_SCOPES, 'phone', ...mcpScopes(options)];
  const unknown = allowed.find((scope) => !known.includes(scope));
  if (unknown !== undefined) throw new UserError(`registration.allowedScopes has ${JSON.stringify(unknown)}: it must be one of ${known.join(', ')}`);
  const refused = defaultScopes.find((scope) => !allowed.includes(scope));
  if (refused !== undefined) {
    throw new UserError(`defaultScopes has ${JSON.stringify(refused)}, which registration.allowedScopes has not: a registered client could not sign in with it`);
  }
  if (firstScopes(options).length === 0) {
    throw new UserError(`registration.allowedScopes has none of the server's scopes, which are ${mcpScopes(options).join(', ')}: `
      + 'add one, or set defaultScopes to what a client gets that asks for nothing');
  }
}

function checkSocialProvider({ name, teamId, keyId }: McpSocialProvider): void {
  if (!SOCIAL_PROVIDERS.includes(name)) throw new UserError(`socialProviders has ${JSON.stringify(name)}: it must be one of ${SOCIAL_PROVIDERS.join(', ')}`);
  const ids = [teamId, keyId].filter((id) => id !== undefined).length;
  if (name === 'SignInWithApple' && ids < 2) {
    throw new UserError('socialProviders has SignInWithApple without teamId and keyId: Apple wants to know whose private key clientSecret is');
  }
  if (name !== 'SignInWithApple' && ids > 0) throw new UserError(`socialProviders has ${name} with teamId or keyId: they are of SignInWithApple`);
}

function checkScopes(name: string, scopes: string[]): void {
  if (scopes.length === 0) throw new UserError(`${name} is empty: at least one scope is required, because ID tokens, which have none, would pass without`);
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) throw new UserError(`${name} has ${JSON.stringify(wrong)}: a scope must be printable, without white space, quotes and "\\"`);
}

/**
 * The origin of the URL of an endpoint. The well-known documents are looked for at its root, so a prefix before the path would hide them.
 *
 * @internal
 */
export function originOf(resourceUrl: string, path: string): string {
  const origin = /^https:\/\/[^/]+/.exec(resourceUrl)?.[0] ?? '';
  if (resourceUrl !== `${origin}${path}` && !(path === '/' && resourceUrl === origin)) {
    throw new UserError(`resourceUrl is ${JSON.stringify(resourceUrl)}, but the path of the endpoint is ${JSON.stringify(path)}: it must be an origin and that path`);
  }
  return origin;
}

function checkResourceUrl(url: string | undefined): void {
  if (url !== undefined && !/^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/.test(url)) {
    throw new UserError(`resourceUrl is ${JSON.stringify(url)}: it must be the whole URL of the endpoint with https, such as https://mcp.example.com/mcp`);
  }
}

function refuse(options: McpCognitoAuthOptions, names: Array<keyof McpCognitoAuthOptions>, beside: string, why: string): void {
  const given = names.filter((name) => options[name] !== undefined && options[name] !== false);
  if (given.length > 0) throw new UserError(`${given.join(', ')} can't be set together with ${beside}: ${why}`);
}
