import { randomBytes } from 'node:crypto';
import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthClientMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Discovered } from './discovery';
import { writeSignIn, type SignIn } from './store';

/** What this command line is called where it registers itself. */
export const CLIENT_NAME = 'pmcp-deploy';

/** This command line as an OAuth client: what it gets is kept in a file. */
export class CommandLineClient implements OAuthClientProvider {
  private readonly stateValue = randomBytes(24).toString('base64url');
  private verifier = '';

  /** @param send sends the person to a page */
  constructor(
    private signIn: SignIn,
    private readonly found: Discovered,
    public readonly redirectUrl: string,
    private readonly send: (url: URL) => void,
  ) {}

  /** What was found out and checked: the SDK asks nobody again, between the page and the token least of all. */
  public discoveryState(): OAuthDiscoveryState {
    const { resource, server } = this.found;
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
    this.send(url);
  }

  public saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  public codeVerifier(): string {
    return this.verifier;
  }

  /** What was got. */
  public get result(): SignIn {
    return this.signIn;
  }
}

/** An issuer that does not rotate refresh tokens does not send the one that there is again. */
export function withTokens(signIn: SignIn, tokens: OAuthTokens): SignIn {
  return {
    ...signIn,
    tokens: { ...tokens, refresh_token: tokens.refresh_token ?? signIn.tokens?.refresh_token },
    expires: tokens.expires_in === undefined ? undefined : Date.now() + tokens.expires_in * 1000,
  };
}
