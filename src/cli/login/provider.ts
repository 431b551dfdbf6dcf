import { randomBytes } from 'node:crypto';
import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthClientMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Discovery } from './discovery';
import { writeSignIn, type SignIn } from './store';

/** The client name with which the command line registers itself. */
export const CLIENT_NAME = 'pmcp-deploy';

/** The command line as an OAuth client. It stores its tokens in a file. */
export class CommandLineClient implements OAuthClientProvider {
  private readonly stateValue = randomBytes(24).toString('base64url');
  private verifier = '';

  /** @param showPage shows the sign-in page to the user */
  constructor(
    private signIn: SignIn,
    private readonly discovery: Discovery,
    public readonly redirectUrl: string,
    private readonly showPage: (url: URL) => void,
  ) {}

  /** The metadata that were checked. With them, the SDK does not read metadata again, in particular not between page and token. */
  public discoveryState(): OAuthDiscoveryState {
    const { resource, server } = this.discovery;
    return { authorizationServerUrl: server.issuer, authorizationServerMetadata: server, resourceMetadata: resource };
  }

  public get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: CLIENT_NAME,
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  public state(): string {
    return this.stateValue;
  }

  public clientInformation(): OAuthClientInformationMixed | undefined {
    return this.signIn.client;
  }

  public saveClientInformation(client: OAuthClientInformationMixed): void {
    this.signIn = { ...this.signIn, client };
  }

  public tokens(): OAuthTokens | undefined {
    return this.signIn.tokens;
  }

  public saveTokens(tokens: OAuthTokens): void {
    this.signIn = withTokens(this.signIn, tokens);
    writeSignIn(this.signIn);
  }

  public redirectToAuthorization(url: URL): void {
    this.showPage(url);
  }

  public saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  public codeVerifier(): string {
    return this.verifier;
  }

  /** The sign-in with its tokens. */
  public get result(): SignIn {
    return this.signIn;
  }
}

/** Add tokens to a sign-in. An issuer that does not rotate refresh tokens does not send the refresh token again. */
export function withTokens(signIn: SignIn, tokens: OAuthTokens): SignIn {
  return {
    ...signIn,
    tokens: { ...tokens, refresh_token: tokens.refresh_token ?? signIn.tokens?.refresh_token },
    expires: tokens.expires_in === undefined ? undefined : Date.now() + tokens.expires_in * 1000,
  };
}
