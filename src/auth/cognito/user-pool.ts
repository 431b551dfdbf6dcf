import { Aws, Duration, Fn, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AccountRecovery, CfnUserPoolIdentityProvider, IUserPool, ManagedLoginVersion, Mfa, UserPool, UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions, McpSignInPage } from './cognito-options';
import { checkDomainPrefix } from './quotas';
import { PROVIDER_SCOPES } from './social-provider-names';
import { McpSocialProvider } from './social-providers';
import { contextChoice, ContextKey } from '../../private/context';
import { acknowledge } from '../../private/nag';
import { UserError } from '../../util/user-error';

/**
 * If clients need a style before their sign-in page can be shown.
 *
 * @internal
 */
export function hasManagedLogin(scope: Construct, { signInPage }: McpCognitoAuthOptions): boolean {
  return signInPage !== McpSignInPage.CLASSIC && contextChoice(scope, ContextKey.SIGN_IN_PAGE, ['classic']) === undefined;
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
    // A pool that is deleted with its stack must not be protected from deletion.
    deletionProtection: options.deletionProtection ?? options.removalPolicy !== RemovalPolicy.DESTROY,
    signInCaseSensitive: options.signInCaseSensitive,
  });
  if (mfa !== Mfa.REQUIRED) {
    acknowledge(userPool, 'AwsSolutions-COG2', 'mfa is not Mfa.REQUIRED, so managed login asks no user for a second factor. The owner '
      + 'of the '
      + 'app decides; the documentation recommends REQUIRED.');
  }
  acknowledge(userPool, 'AwsSolutions-COG3', 'Threat protection costs extra per user, in the plan Plus; it can be set on the user pool.');
  acknowledge(userPool, 'AwsSolutions-COG8', 'Essentials has resource indicators and managed login, as MCP needs; Plus costs extra per '
    + 'user.');
  return userPool;
}

/**
 * The URL of the sign-in page: on a new domain, or on that of an existing user pool.
 *
 * @internal
 */
export function signInUrl(scope: Construct, userPool: IUserPool, options: McpCognitoAuthOptions): string {
  if (options.signInUrl !== undefined) return options.signInUrl;
  if (options.userPool) return prefixDomain(scope, options.domainPrefix!);
  if (options.customDomain && isGovCloud(scope)) {
    throw new UserError('customDomain is not available in AWS GovCloud (US): set domainPrefix instead '
      + '(https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html)');
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

/**
 * AWS GovCloud (US) has FIPS endpoints only: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html. A stack without a
 * region is assumed to be elsewhere.
 */
function prefixDomain(scope: Construct, prefix: string): string {
  return `https://${prefix}.${isGovCloud(scope) ? 'auth-fips' : 'auth'}.${Stack.of(scope).region}.amazoncognito.com`;
}

function isGovCloud(scope: Construct): boolean {
  const { region } = Stack.of(scope);
  return !Token.isUnresolved(region) && region.startsWith('us-gov-');
}

/** A prefix must be unique in a region over all accounts, and must not contain names of AWS. The stack's id makes it unique. */
function uniquePrefix(scope: Construct): string {
  const name = Names.uniqueResourceName(scope.node.scope!, { maxLength: 24, separator: '-' })
    .toLowerCase().replace(/aws|amazon|cognito/g, 'x').replace(/-+$/, '');
  const lastOfStackId = Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return `${name}-${lastOfStackId}`;
}

/**
 * Add a social provider to a user pool.
 *
 * @internal
 */
export function createProvider(scope: Construct, userPool: IUserPool, provider: McpSocialProvider): CfnUserPoolIdentityProvider {
  const name = provider._name;
  return new CfnUserPoolIdentityProvider(scope, name, {
    userPoolId: userPool.userPoolId,
    providerName: name,
    providerType: name,
    providerDetails: { ...provider._credentials, authorize_scopes: PROVIDER_SCOPES[name] },
    attributeMapping: { email: 'email' },
  });
}
