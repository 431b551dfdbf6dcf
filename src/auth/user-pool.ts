import { Aws, Duration, Fn, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AccountRecovery, CfnUserPoolIdentityProvider, IUserPool, ManagedLoginVersion, Mfa, UserPool, UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions, McpSignInPage, McpSocialProvider } from './auth-options';
import { checkDomainPrefix } from './quotas';
import { PROVIDER_SCOPES, SocialProviderName } from './social-providers';
import { acknowledge } from '../private/nag';
import { UserError } from '../util/user-error';

/** `cdk -c` with this key set to `classic`: a local AWS knows the classic sign-in page only. */
const SIGN_IN_PAGE_CONTEXT = 'pmcp-deploy:sign-in-page';

/**
 * Whether clients need a branding before they show a page.
 *
 * @internal
 */
export function hasManagedLogin(scope: Construct, { signInPage }: McpCognitoAuthOptions): boolean {
  return signInPage !== McpSignInPage.CLASSIC && scope.node.tryGetContext(SIGN_IN_PAGE_CONTEXT) !== 'classic';
}

/**
 * @internal
 */
export function createUserPool(scope: Construct, options: McpCognitoAuthOptions): UserPool {
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
    // A pool that goes with its stack must not be protected from that.
    deletionProtection: options.deletionProtection ?? options.removalPolicy !== RemovalPolicy.DESTROY,
    signInCaseSensitive: options.signInCaseSensitive,
  });
  if (mfa !== Mfa.REQUIRED) {
    acknowledge(userPool, 'AwsSolutions-COG2', 'mfa is not Mfa.REQUIRED: managed login asks nobody for a second factor then. Whoever deploys decides that, and the documentation advises REQUIRED.');
  }
  acknowledge(userPool, 'AwsSolutions-COG3', 'Threat protection costs extra for each user, in the plan Plus; it can be set on the user pool.');
  acknowledge(userPool, 'AwsSolutions-COG8', 'Essentials has what MCP needs, resource indicators and managed login; Plus costs extra for each user.');
  return userPool;
}

/**
 * Where people sign in: a new domain, or the one that an existing user pool has.
 *
 * @internal
 */
export function signInUrl(scope: Construct, userPool: IUserPool, options: McpCognitoAuthOptions): string {
  if (options.signInUrl !== undefined) return options.signInUrl;
  if (options.userPool) return prefixDomain(scope, options.domainPrefix!);
  if (options.customDomain && isGovCloud(scope)) {
    throw new UserError('customDomain is not available in AWS GovCloud (US): set domainPrefix instead (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html)');
  }
  if (options.domainPrefix !== undefined) checkDomainPrefix(scope, options.domainPrefix);
  const domain = new UserPoolDomain(scope, 'Domain', {
    userPool,
    customDomain: options.customDomain,
    cognitoDomain: options.customDomain ? undefined : { domainPrefix: options.domainPrefix ?? uniquePrefix(scope) },
    managedLoginVersion: loginVersion(scope, options),
  });
  return options.customDomain ? domain.baseUrl() : prefixDomain(scope, domain.domainName);
}

function loginVersion(scope: Construct, options: McpCognitoAuthOptions): ManagedLoginVersion | undefined {
  if (options.signInPage === McpSignInPage.CLASSIC) return ManagedLoginVersion.CLASSIC_HOSTED_UI;
  return hasManagedLogin(scope, options) ? ManagedLoginVersion.NEWER_MANAGED_LOGIN : undefined;
}

/** AWS GovCloud (US) has FIPS endpoints only: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html. A stack without a region is not one of it. */
function prefixDomain(scope: Construct, prefix: string): string {
  return `https://${prefix}.${isGovCloud(scope) ? 'auth-fips' : 'auth'}.${Stack.of(scope).region}.amazoncognito.com`;
}

function isGovCloud(scope: Construct): boolean {
  const { region } = Stack.of(scope);
  return !Token.isUnresolved(region) && region.startsWith('us-gov-');
}

/** Prefixes are unique in a region over all accounts, and keep the names of AWS out: the stack's id makes it so. */
function uniquePrefix(scope: Construct): string {
  const name = Names.uniqueResourceName(scope.node.scope!, { maxLength: 24, separator: '-' })
    .toLowerCase().replace(/aws|amazon|cognito/g, 'x').replace(/-+$/, '');
  const lastOfStackId = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return `${name}-${lastOfStackId}`;
}

/**
 * @internal
 */
export function createProvider(scope: Construct, userPool: IUserPool, provider: McpSocialProvider): CfnUserPoolIdentityProvider {
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

