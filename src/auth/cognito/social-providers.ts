import { SecretValue } from 'aws-cdk-lib';
import { SocialProviderName } from './social-provider-names';

/**
 * Credentials of an app at a social provider.
 */
export interface McpSocialAppOptions {
  /** Client id of the app at the provider. */
  readonly clientId: string;

  /** Client secret of the app at the provider. */
  readonly clientSecret: SecretValue;
}

/**
 * Credentials of an app at Apple.
 */
export interface McpAppleAppOptions {
  /** Services ID of the app. */
  readonly clientId: string;

  /** Team ID of the developer account. */
  readonly teamId: string;

  /** Key ID of the private key. */
  readonly keyId: string;

  /** Private key, as in the .p8 file. */
  readonly privateKey: SecretValue;
}

/**
 * Social provider with which a new user pool signs users in.
 */
export class McpSocialProvider {
  /** Sign in with Google. */
  public static google(app: McpSocialAppOptions): McpSocialProvider {
    return new McpSocialProvider('Google', credentials(app));
  }

  /** Sign in with Facebook. */
  public static facebook(app: McpSocialAppOptions): McpSocialProvider {
    return new McpSocialProvider('Facebook', credentials(app));
  }

  /** Sign in with Amazon. */
  public static amazon(app: McpSocialAppOptions): McpSocialProvider {
    return new McpSocialProvider('LoginWithAmazon', credentials(app));
  }

  /** Sign in with Apple. */
  public static apple({ clientId, teamId, keyId, privateKey }: McpAppleAppOptions): McpSocialProvider {
    return new McpSocialProvider('SignInWithApple', {
      client_id: clientId, team_id: teamId, key_id: keyId, private_key: privateKey.unsafeUnwrap(),
    });
  }

  /**
   * @internal
   */
  public readonly _name: SocialProviderName;

  /**
   * Credentials in the form of Amazon Cognito. Secrets are dynamic references, which CloudFormation resolves.
   *
   * @internal
   */
  public readonly _credentials: { readonly [name: string]: string };

  private constructor(name: string, appCredentials: { readonly [name: string]: string }) {
    this._name = name as SocialProviderName;
    this._credentials = appCredentials;
  }
}

function credentials({ clientId, clientSecret }: McpSocialAppOptions): { readonly [name: string]: string } {
  return { client_id: clientId, client_secret: clientSecret.unsafeUnwrap() };
}
