import { Aws, Duration, Fn, Names, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery, CfnManagedLoginBranding, CfnUserPoolIdentityProvider, IUserPool, IUserPoolClient, ManagedLoginVersion, Mfa, OAuthScope,
  ResourceServerScope, UserPool, UserPoolClient, UserPoolClientIdentityProvider, UserPoolDomain, UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './mcp-acknowledge';
import { KNOWN_CALLBACK_URLS } from './mcp-auth-clients';
import { McpCognitoAuthOptions, McpScope, McpSocialProvider } from './mcp-auth-options';
import { PROVIDER_SCOPES, SocialProviderName } from './mcp-auth-providers';

/** `cdk -c` with this key set to `classic`: a local AWS knows the classic sign-in page only. */
const SIGN_IN_PAGE_CONTEXT = 'pmcp-deploy:sign-in-page';

const DEFAULT_SCOPES: McpScope[] = [
  { name: 'read', description: 'Read through this MCP server' },
  { name: 'write', description: 'Change things through this MCP server' },
];

/** Scopes about the person, of every user pool. */
const PERSON_SCOPES = ['openid', 'email', 'profile'];

/** A client may repeat a refresh that got lost on the way. */
const ROTATION_GRACE = Duration.seconds(60);

/**
 * A user pool, and how MCP clients get tokens from it.
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

  /** The scopes that people's clients may ask for. */
  readonly allScopes: string[];

  /** Names of those who sign people in. */
  readonly identityProviders: string[];

  /** Whether clients need a branding before they show a page. */
  readonly managedLogin: boolean;
}

/**
 * The scopes of the server in full, one of which a token must have.
 *
 * @internal
 */
export function mcpScopes(options: McpCognitoAuthOptions): string[] {
  return scopesOf(options).map(({ name }) => `${resourceServerId(options)}/${name}`);
}

/**
 * Makes or takes up a user pool, and gives it what MCP clients need.
 *
 * @internal
 */
export function createCognitoSignIn(scope: Construct, options: McpCognitoAuthOptions): CognitoSignIn {
  const within = new Construct(scope, 'SignIn');
  const managedLogin = scope.node.tryGetContext(SIGN_IN_PAGE_CONTEXT) !== 'classic';
  const userPool = options.userPool ?? createUserPool(within, options);
  const providers = (options.socialProviders ?? []).map((provider) => createProvider(within, userPool, provider));
  const identityProviders = ['COGNITO', ...providers.map(({ providerName }) => providerName), ...options.identityProviders ?? []];
  const shared = {
    userPool,
    issuer: `https://${userPool.userPoolProviderName}`,
    signInUrl: signInUrl(within, userPool, options, managedLogin),
    allScopes: [...PERSON_SCOPES, ...mcpScopes(options)],
    identityProviders,
    managedLogin,
  };
  if (options.userPoolClient) return { ...shared, client: options.userPoolClient };

  const resourceServer = new UserPoolResourceServer(within, 'ResourceServer', {
    userPool,
    identifier: resourceServerId(options),
    scopes: scopesOf(options).map(({ name, description }) => new ResourceServerScope({ scopeName: name, scopeDescription: description })),
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
  return { ...shared, client, machineClient: options.machineClient ? createMachineClient(within, userPool, resourceServer, options) : undefined };
}

function scopesOf(options: McpCognitoAuthOptions): McpScope[] {
  return options.scopes ?? DEFAULT_SCOPES;
}

function resourceServerId(options: McpCognitoAuthOptions): string {
  return options.resourceServerId ?? 'mcp';
}

function createUserPool(scope: Construct, options: McpCognitoAuthOptions): UserPool {
  const mfa = options.mfa ?? Mfa.OPTIONAL;
  const userPool = new UserPool(scope, 'UserPool', {
    userPoolName: options.userPoolName,
    selfSignUpEnabled: options.selfSignUp ?? false,
    signInAliases: { email: true },
    autoVerify: { email: true },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    mfa,
    mfaSecondFactor: mfa === Mfa.OFF ? undefined : { otp: true, sms: false },
    passwordPolicy: options.passwordPolicy ?? {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(7),
    },
    removalPolicy: options.removalPolicy,
  });
  if (mfa !== Mfa.REQUIRED) acknowledge(userPool, 'AwsSolutions-COG2', 'The second factor is the choice of whoever deploys: mfa.');
  acknowledge(userPool, 'AwsSolutions-COG3', 'Threat protection costs extra for each user, in the plan Plus; it can be set on the user pool.');
  acknowledge(userPool, 'AwsSolutions-COG8', 'Essentials has what MCP needs, resource indicators and managed login; Plus costs extra for each user.');
  return userPool;
}

/** Where people sign in, under the pool's domain. */
function signInUrl(scope: Construct, userPool: IUserPool, options: McpCognitoAuthOptions, managedLogin: boolean): string {
  if (options.signInUrl !== undefined) return options.signInUrl;
  if (options.userPool) return `https://${options.domainPrefix}.auth.${Stack.of(scope).region}.amazoncognito.com`;
  const domain = new UserPoolDomain(scope, 'Domain', {
    userPool,
    customDomain: options.customDomain,
    cognitoDomain: options.customDomain ? undefined : { domainPrefix: options.domainPrefix ?? uniquePrefix(scope) },
    managedLoginVersion: managedLogin ? ManagedLoginVersion.NEWER_MANAGED_LOGIN : undefined,
  });
  return domain.baseUrl();
}

/** Prefixes are unique in a region over all accounts, and keep the names of AWS out: the stack's id makes it so. */
function uniquePrefix(scope: Construct): string {
  const name = Names.uniqueResourceName(scope.node.scope!, { maxLength: 24, separator: '-' })
    .toLowerCase().replace(/aws|amazon|cognito/g, 'x').replace(/-+$/, '');
  const lastOfStackId = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return `${name}-${lastOfStackId}`;
}

function createProvider(scope: Construct, userPool: IUserPool, provider: McpSocialProvider): CfnUserPoolIdentityProvider {
  return new CfnUserPoolIdentityProvider(scope, provider.name, {
    userPoolId: userPool.userPoolId,
    providerName: provider.name,
    providerType: provider.name,
    providerDetails: {
      client_id: provider.clientId,
      ...credentials(provider),
      authorize_scopes: PROVIDER_SCOPES[provider.name as SocialProviderName],
    },
    attributeMapping: { email: 'email' },
  });
}

/** The secret is a reference that CloudFormation resolves. */
function credentials({ clientSecret, teamId, keyId }: McpSocialProvider): Record<string, string | undefined> {
  const secret = clientSecret.unsafeUnwrap();
  return teamId === undefined ? { client_secret: secret } : { team_id: teamId, key_id: keyId, private_key: secret };
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
