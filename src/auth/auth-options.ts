import { Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { CustomDomainOptions, IUserPool, IUserPoolClient, Mfa, PasswordPolicy } from 'aws-cdk-lib/aws-cognito';

/**
 * Options of `McpAuth.jwt`: tokens of an OpenID Connect provider that signs with RSA, and whose discovery document and keys anybody can read. API Gateway
 * reads no other.
 */
export interface McpJwtAuthOptions {
  /** The issuer of the tokens, such as `https://login.example.com`: exactly what their claim `iss` says. */
  readonly issuer: string;

  /**
   * Scopes, one of which a token must have, such as `mcp/read`. At least one is required: ID tokens have none, and would pass without. At most 10,
   * which is API Gateway's quota for a route.
   */
  readonly scopes: string[];

  /**
   * Audiences, one of which a token must have, beside the URL of the endpoint. A token without the claim `aud` is compared by its
   * `client_id`.
   *
   * @default - the URL of the endpoint only
   */
  readonly audience?: string[];

  /**
   * Refuse tokens without the claim `aud`: the values of `audience` must be URIs then, so that no client id can equal one.
   *
   * @default false
   */
  readonly strictAudience?: boolean;

  /**
   * A public client at the provider that people's MCP clients may use, for those that cannot register themselves. It is printed as an output.
   *
   * @default - none
   */
  readonly clientId?: string;

  /**
   * The URL at which clients reach the endpoint, where it is not the address of the HTTP API, such as behind CloudFront.
   *
   * @default - the construct's `url`
   */
  readonly resourceUrl?: string;
}

/**
 * A scope of the MCP server.
 */
export interface McpScope {
  /** The name without the resource server's identifier, such as `read`. */
  readonly name: string;

  /** What it allows, in words for the person who grants it. */
  readonly description: string;
}

/**
 * Credentials of an app at a social provider, with which a new user pool signs people in.
 */
export interface McpSocialProvider {
  /** `Google`, `Facebook`, `LoginWithAmazon` or `SignInWithApple`. */
  readonly name: string;

  /** The app's client id at the provider; with `SignInWithApple`, the Services ID. */
  readonly clientId: string;

  /** The app's client secret at the provider; with `SignInWithApple`, the private key. */
  readonly clientSecret: SecretValue;

  /**
   * The id of the team at Apple.
   *
   * @default - none; required with `SignInWithApple`, and only there
   */
  readonly teamId?: string;

  /**
   * The id of the private key at Apple.
   *
   * @default - none; required with `SignInWithApple`, and only there
   */
  readonly keyId?: string;
}

/**
 * The page on which people sign in.
 */
export enum McpSignInPage {
  /** Managed login, in the plans Essentials and Plus of Amazon Cognito. Each client needs a style, of which a user pool has room for 20. */
  MANAGED_LOGIN = 'managed-login',

  /** The classic hosted UI, which all plans have. Clients need no style. */
  CLASSIC = 'classic',
}

/**
 * How MCP clients may register themselves (RFC 7591).
 */
export interface McpRegistrationOptions {
  /**
   * Redirect URIs to accept beside those of the known clients, `callbackUrls`, and those of the client's own machine: `http://localhost`,
   * `http://127.0.0.1` and `http://[::1]` with any port.
   *
   * @default - none
   */
  readonly redirectUris?: string[];

  /**
   * The scopes that a client may have, and no others, whether it asks for scopes or not.
   *
   * @default - all scopes of the server, and openid, email and profile
   */
  readonly allowedScopes?: string[];

  /**
   * How many clients may register in an hour, altogether.
   *
   * @default 100
   */
  readonly maxPerHour?: number;

  /**
   * How many clients may register in an hour from one address.
   *
   * @default 20
   */
  readonly maxPerHourAndAddress?: number;

  /**
   * How many registered clients there may be; further ones are refused until some are pruned. With managed login at most 19, because Amazon
   * Cognito has room for 20 styles in a user pool, and the client of the stack uses one. With `McpSignInPage.CLASSIC` at most 999.
   *
   * @default - 19; 500 with `McpSignInPage.CLASSIC`
   */
  readonly maxClients?: number;

  /**
   * A client that has got no token for so long is removed. With an existing user pool the time counts from the registration.
   *
   * @default Duration.days(60)
   */
  readonly pruneAfter?: Duration;
}

/**
 * Options of `McpAuth.cognito`.
 */
export interface McpCognitoAuthOptions {
  /**
   * An existing user pool.
   *
   * @default - a new one
   */
  readonly userPool?: IUserPool;

  /**
   * An existing public client of `userPool`. With it nothing is made in the pool: its resource server and scopes exist already.
   *
   * @default - a new one
   */
  readonly userPoolClient?: IUserPoolClient;

  /**
   * Name of the new user pool.
   *
   * @default - one that CloudFormation makes up
   */
  readonly userPoolName?: string;

  /**
   * Prefix of the domain of the sign-in page: `https://<prefix>.auth.<region>.amazoncognito.com`. With an existing user pool it is the prefix that the pool has.
   *
   * @default - a unique one for a new user pool; required with an existing one, unless `signInUrl` is given
   */
  readonly domainPrefix?: string;

  /**
   * A domain of one's own for the sign-in page of a new user pool.
   *
   * @default - a domain of Amazon Cognito
   */
  readonly customDomain?: CustomDomainOptions;

  /**
   * Address of the sign-in page of an existing user pool that has a domain of its own, such as `https://auth.example.com`.
   *
   * @default - made of `domainPrefix`
   */
  readonly signInUrl?: string;

  /**
   * Second factor of the new user pool: a code of an authenticator app. `Mfa.REQUIRED` is advised: with `Mfa.OPTIONAL` the sign-in page asks nobody to
   * set one up, so that in practice there is none.
   *
   * @default Mfa.OPTIONAL
   */
  readonly mfa?: Mfa;

  /**
   * What passwords of the new user pool must look like.
   *
   * @default - 12 characters at least, with a small letter, a capital, a digit and a symbol
   */
  readonly passwordPolicy?: PasswordPolicy;

  /**
   * Whether people may make themselves users of the new user pool. With `socialProviders` it must be set to `true`: Amazon Cognito makes a user of
   * everybody who has an account at a provider and signs in.
   *
   * @default false - `pmcp-deploy users add` invites them
   */
  readonly selfSignUp?: boolean;

  /**
   * Social providers of the new user pool. Everybody who has an account at one of them gets in, so `selfSignUp: true` must be set beside them.
   *
   * @default - none
   */
  readonly socialProviders?: McpSocialProvider[];

  /**
   * Names of providers of the existing user pool that people may sign in with, such as `Google`, beside the pool itself.
   *
   * @default - the pool itself only
   */
  readonly identityProviders?: string[];

  /**
   * What becomes of the new user pool, and of its users, when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether Amazon Cognito refuses to delete the new user pool until this is turned off.
   *
   * @default true - but false with `RemovalPolicy.DESTROY`
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether `Ada@example.com` and `ada@example.com` are two users of the new user pool. `false` is advised for a pool that is not deployed yet. Do not
   * change it for one that is: Amazon Cognito cannot change it, and a new pool has no users.
   *
   * @default - what Amazon Cognito does without it: they are two users
   */
  readonly signInCaseSensitive?: boolean;

  /**
   * The page on which people sign in. An existing user pool in the plan Lite, or whose domain has the classic hosted UI, needs `CLASSIC`.
   *
   * @default McpSignInPage.MANAGED_LOGIN
   */
  readonly signInPage?: McpSignInPage;

  /**
   * Identifier of the resource server: the part of a scope before the slash.
   *
   * @default 'mcp'
   */
  readonly resourceServerId?: string;

  /**
   * The scopes of the server. A token must have one of them. At most 10, which is API Gateway's quota for a route.
   *
   * @default - `read` and `write`
   */
  readonly scopes?: McpScope[];

  /**
   * The scopes that clients are told to ask for first, in full, such as `mcp/read`. With `registration.allowedScopes` they must be among those.
   *
   * @default - all scopes of the server that a registered client may have
   */
  readonly defaultScopes?: string[];

  /**
   * Redirect URLs of clients beside those of the known ones (Claude, Cursor, VS Code, ChatGPT, MCP Inspector, `pmcp-deploy login`).
   *
   * @default - none
   */
  readonly callbackUrls?: string[];

  /**
   * How long an access token is good: 5 minutes to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly accessTokenValidity?: Duration;

  /**
   * How long a sign-in is good: 1 hour to 3650 days.
   *
   * @default Duration.days(30)
   */
  readonly refreshTokenValidity?: Duration;

  /**
   * Whether to make a client with a secret for machines, which gets tokens by client_credentials.
   *
   * @default false
   */
  readonly machineClient?: boolean;

  /**
   * Refuse tokens without the claim `aud`. Amazon Cognito sets it where a client names the resource (RFC 8707), in the plans Essentials and Plus. Some
   * widely used MCP clients do not name it, and could not sign in. Set it where servers share `userPoolClient`. Not with `machineClient`: such tokens
   * never have `aud`.
   *
   * @default false - a token without `aud` must be of one of this construct's clients
   */
  readonly strictAudience?: boolean;

  /**
   * Lets MCP clients register themselves.
   *
   * @default - they can't: people give them the client id of the outputs
   */
  readonly registration?: McpRegistrationOptions;

  /**
   * The URL at which clients reach the endpoint, where it is not the address of the HTTP API, such as behind CloudFront.
   *
   * @default - the construct's `url`
   */
  readonly resourceUrl?: string;
}
