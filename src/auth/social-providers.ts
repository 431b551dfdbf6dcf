/**
 * What is asked for of each social provider: the address, above all.
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
 * The social providers of Amazon Cognito.
 *
 * @internal
 */
export type SocialProviderName = keyof typeof PROVIDER_SCOPES;

/**
 * Their names.
 *
 * @internal
 */
export const SOCIAL_PROVIDERS: readonly string[] = Object.keys(PROVIDER_SCOPES);
