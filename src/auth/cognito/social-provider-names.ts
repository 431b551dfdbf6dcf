/**
 * Scopes to request from each social provider, by its name in Amazon Cognito. They include the e-mail address.
 *
 * @internal
 */
export const PROVIDER_SCOPES = {
  Google: 'openid email profile',
  Facebook: 'public_profile,email',
  LoginWithAmazon: 'profile',
  SignInWithApple: 'email name',
} as const;

/**
 * Name of a social provider in Amazon Cognito.
 *
 * @internal
 */
export type SocialProviderName = keyof typeof PROVIDER_SCOPES;

/**
 * Names of the social providers in Amazon Cognito.
 *
 * @internal
 */
export const SOCIAL_PROVIDERS: readonly string[] = Object.keys(PROVIDER_SCOPES);
