import { Duration, SecretValue } from 'aws-cdk-lib';
import { Mfa, ResourceServerScope, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions, McpSignInPage } from '../../auth/cognito/cognito-options';
import { McpRegistrationConfig } from '../../auth/cognito/registration-options';
import { SocialProviderName } from '../../auth/cognito/social-provider-names';
import { McpSocialProvider } from '../../auth/cognito/social-providers';
import { McpJwtAuthOptions } from '../../auth/jwt-options';
import { McpAuth } from '../../auth/mcp-auth';
import type { Deployment } from '../load/deploy-file';
import { serverScopes } from '../schema/auth-scopes';
import { secondsOf } from '../schema/tables/auth';

type Auth = NonNullable<Deployment['auth']>;

/**
 * Who may call the server, as `[auth]` says; nothing where it does not say, so that the construct warns of it. Contradictions were
 * refused before.
 */
export function serverAuth(scope: Construct, { auth, server }: Deployment): McpAuth | undefined {
  if (auth?.enabled === undefined) return undefined;
  if (!auth.enabled) return McpAuth.none();
  switch (auth.provider) {
    case 'none':
      return McpAuth.none();
    case 'iam':
      return McpAuth.iam();
    case 'oidc':
      return McpAuth.jwt(oidc(auth.oidc!, auth));
    case 'cognito':
      return McpAuth.cognito(cognito(scope, auth, server.name));
  }
}

function oidc(options: NonNullable<Auth['oidc']>, { scopes, strict_audience: strictAudience }: Auth): McpJwtAuthOptions {
  return {
    issuer: options.issuer,
    // API Gateway compares the client id of a token without "aud". A server with its own audience does not need such tokens.
    audience: [options.audience ?? options.client_id],
    strictAudience,
    scopes: [...new Set([...options.scopes ?? [], ...Object.keys(scopes?.custom ?? {})])],
    clientId: options.client_id,
  };
}

function cognito(scope: Construct, auth: Auth, serverName: string): McpCognitoAuthOptions {
  const options = auth.cognito;
  const shared: McpCognitoAuthOptions = {
    resourceServerId: options?.resource_server_id,
    scopes: [...serverScopes(auth)].map(([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription })),
    strictAudience: auth.strict_audience,
    signInPage: options?.sign_in_page === 'classic' ? McpSignInPage.CLASSIC : McpSignInPage.MANAGED_LOGIN,
    defaultScopes: auth.dcr?.default_scopes.length ? auth.dcr.default_scopes : undefined,
    domainPrefix: options?.domain,
    registration: auth.dcr?.enabled ? McpRegistrationConfig.enabled({
      allowedScopes: auth.dcr.allowed_scopes.length > 0 ? auth.dcr.allowed_scopes : undefined,
      maxClients: auth.dcr.max_clients,
    }) : undefined,
  };
  const poolId = auth.user_pool_id ?? options?.user_pool_id;
  if (poolId === undefined) {
    return {
      ...shared,
      ...clientOptions(auth),
      userPoolName: options?.user_pool_name,
      selfSignUp: options?.self_sign_up,
      signInCaseSensitive: options?.sign_in_case_sensitive,
      mfa: MFA[options?.mfa ?? 'optional'],
      socialProviders: options?.social_providers.map((name) => socialProvider(name, serverName)),
    };
  }
  const existing = { ...shared, userPool: UserPool.fromUserPoolId(scope, `${serverName}UserPool`, poolId) };
  if (auth.client_id !== undefined) {
    return { ...existing, userPoolClient: UserPoolClient.fromUserPoolClientId(scope, `${serverName}UserPoolClient`, auth.client_id) };
  }
  return { ...existing, ...clientOptions(auth), identityProviders: options?.social_providers };
}

const MFA = { off: Mfa.OFF, optional: Mfa.OPTIONAL, required: Mfa.REQUIRED } as const;

function clientOptions({ callback_urls: callbackUrls, cognito: options }: Auth): McpCognitoAuthOptions {
  return {
    callbackUrls,
    accessTokenValidity: options && Duration.seconds(secondsOf(options.access_token_ttl)),
    refreshTokenValidity: options && Duration.seconds(secondsOf(options.refresh_token_ttl)),
  };
}

/**
 * The app's credentials are in a secret of this name, as JSON: `client_id` and `client_secret`, or for Apple `client_id`, `team_id`,
 * `key_id` and `private_key`.
 */
function socialProvider(name: string, serverName: string): McpSocialProvider {
  const field = (jsonField: string) => SecretValue.secretsManager(`${serverName}/auth/${name}`, { jsonField });
  const app = () => ({ clientId: field('client_id').unsafeUnwrap(), clientSecret: field('client_secret') });
  switch (name as SocialProviderName) {
    case 'Google':
      return McpSocialProvider.google(app());
    case 'Facebook':
      return McpSocialProvider.facebook(app());
    case 'LoginWithAmazon':
      return McpSocialProvider.amazon(app());
    case 'SignInWithApple':
      return McpSocialProvider.apple({
        clientId: field('client_id').unsafeUnwrap(),
        teamId: field('team_id').unsafeUnwrap(),
        keyId: field('key_id').unsafeUnwrap(),
        privateKey: field('private_key'),
      });
  }
}
