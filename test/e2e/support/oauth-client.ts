import { UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthClientMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** A person's MCP client: it keeps in memory what others keep in files, and remembers where the person was sent. */
export class PersonsClient implements OAuthClientProvider {
  public client?: OAuthClientInformationMixed;
  public granted?: OAuthTokens;
  public sentTo?: URL;
  private verifier = '';

  /** @param clientId of a client that is registered already; without it, the client registers itself */
  constructor(public readonly redirectUrl: string, clientId?: string) {
    this.client = clientId === undefined ? undefined : { client_id: clientId };
  }

  public get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: 'End-to-end test',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  public clientInformation() {
    return this.client;
  }

  public saveClientInformation(client: OAuthClientInformationMixed) {
    this.client = client;
  }

  public tokens() {
    return this.granted;
  }

  public saveTokens(tokens: OAuthTokens) {
    this.granted = tokens;
  }

  public redirectToAuthorization(url: URL) {
    this.sentTo = url;
  }

  public saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }

  public codeVerifier() {
    return this.verifier;
  }
}

/**
 * From an unknown URL to a connected client, by the SDK's own OAuth.
 *
 * @param signIn goes where the person is sent, and returns the address that the browser is sent back to
 */
export async function connectAs(url: string, person: PersonsClient, signIn: (url: URL) => Promise<URL>): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: person });
  await expect(new Client({ name: 'e2e', version: '1' }).connect(transport)).rejects.toThrow(UnauthorizedError);
  const back = await signIn(person.sentTo!);
  await transport.finishAuth(back.searchParams.get('code')!);
  return connect(url, person);
}

/** A client that has what it needs to get a token without a person. */
export async function connect(url: string, authProvider?: OAuthClientProvider): Promise<Client> {
  const client = new Client({ name: 'e2e', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
  return client;
}
