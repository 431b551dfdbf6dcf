import { Duration } from 'aws-cdk-lib';
import {
  CfnManagedLoginBranding, IUserPool, IUserPoolClient, OAuthScope, UserPoolClient, UserPoolClientIdentityProvider, UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions } from './cognito-options';
import { KNOWN_CALLBACK_URLS } from './known-clients';
import { checkResourceServer, countStyles } from './quotas';
import { mcpScopes, resourceServerId, scopesOf, USER_SCOPES } from './scopes';
import { createProvider, createUserPool, hasManagedLogin, signInUrl } from './user-pool';

/** A client may repeat a refresh whose response was lost. */
const ROTATION_GRACE = Duration.seconds(60);

/**
 * A user pool and its clients.
 *
 * @internal
 */
export interface CognitoSignIn {
  readonly userPool: IUserPool;
  readonly client: IUserPoolClient;
  readonly machineClient?: IUserPoolClient;

  /** Issuer of the pool's tokens. */
  readonly issuer: string;
  readonly signInUrl: string;

  /** The scopes that MCP clients of users may request. */
  readonly allScopes: string[];

  /** Names of the identity providers. */
  readonly identityProviders: string[];

  /** If clients need a style before their sign-in page can be shown. */
  readonly managedLogin: boolean;
}

/**
 * Create or reuse a user pool, and add what MCP clients need.
 *
 * @internal
 */
export function createCognitoSignIn(scope: Construct, options: McpCognitoAuthOptions): CognitoSignIn {
  const within = new Construct(scope, 'SignIn');
  const managedLogin = hasManagedLogin(scope, options);
  const userPool = options.userPool ?? createUserPool(within, options);
  const providers = (options.socialProviders ?? []).map((provider) => createProvider(within, userPool, provider));
  const identityProviders = ['COGNITO', ...providers.map(({ providerName }) => providerName), ...options.identityProviders ?? []];
  const shared = {
    userPool,
    issuer: `https://${userPool.userPoolProviderName}`,
    signInUrl: signInUrl(within, userPool, options),
    allScopes: [...USER_SCOPES, ...mcpScopes(options)],
    identityProviders,
    managedLogin,
  };
  countStyles(within, userPool, options);
  if (options.userPoolClient) return { ...shared, client: options.userPoolClient };

  checkResourceServer(within, userPool, resourceServerId(options));
  const resourceServer = new UserPoolResourceServer(within, 'ResourceServer', {
    userPool,
    identifier: resourceServerId(options),
    scopes: scopesOf(options),
  });
  const client = new UserPoolClient(within, 'Client', {
    userPool,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: shared.allScopes.map((name) => OAuthScope.custom(name)),
      callbackUrls: [...new Set([...KNOWN_CALLBACK_URLS, ...options.callbackUrls ?? []])],
    },
    generateSecret: false,
    supportedIdentityProviders: identityProviders.map((name) => UserPoolClientIdentityProvider.custom(name)),
    authFlows: { userSrp: true },
    refreshTokenRotationGracePeriod: ROTATION_GRACE,
    accessTokenValidity: options.accessTokenValidity ?? Duration.hours(1),
    idTokenValidity: options.accessTokenValidity ?? Duration.hours(1),
    refreshTokenValidity: options.refreshTokenValidity ?? Duration.days(30),
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
  });
  client.node.addDependency(resourceServer, ...providers);
  if (managedLogin) {
    new CfnManagedLoginBranding(within, 'Branding', {
      userPoolId: userPool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
  }
  const machineClient = options.machineClient ? createMachineClient(within, userPool, resourceServer, options) : undefined;
  return { ...shared, client, machineClient };
}

function createMachineClient(
  scope: Construct, userPool: IUserPool, resourceServer: UserPoolResourceServer, options: McpCognitoAuthOptions,
): UserPoolClient {
  const client = new UserPoolClient(scope, 'MachineClient', {
    userPool,
    generateSecret: true,
    oAuth: { flows: { clientCredentials: true }, scopes: mcpScopes(options).map((name) => OAuthScope.custom(name)) },
    authFlows: { userSrp: true },
    accessTokenValidity: options.accessTokenValidity ?? Duration.hours(1),
    enableTokenRevocation: true,
    preventUserExistenceErrors: true,
  });
  client.node.addDependency(resourceServer);
  return client;
}
