/**
 * Redirect URLs of MCP clients that document theirs. Amazon Cognito compares the whole URL, including the port, so clients that listen on
 * a random port must register, or be configured to use a fixed one.
 *
 * @internal
 */
export const KNOWN_CALLBACK_URLS: readonly string[] = [
  // Claude on the web, on the desktop and on the phone.
  'https://claude.ai/api/mcp/auth_callback',
  'https://claude.com/api/mcp/auth_callback',
  // ChatGPT.
  'https://chatgpt.com/connector_platform_oauth_redirect',
  // Cursor.
  'cursor://anysphere.cursor-mcp/oauth/callback',
  // Visual Studio Code.
  'http://127.0.0.1:33418',
  'http://127.0.0.1:33418/',
  'https://vscode.dev/redirect',
  'https://insiders.vscode.dev/redirect',
  // MCP Inspector.
  'http://localhost:6274/oauth/callback',
  'http://localhost:6274/oauth/callback/debug',
  // mcp-remote.
  'http://localhost:3334/oauth/callback',
  // pmcp-deploy login: the first port that is free.
  'http://localhost:14613/callback',
  'http://localhost:14614/callback',
  'http://localhost:14615/callback',
];

/**
 * Prefixes of redirect URLs that known clients choose per connection.
 *
 * @internal
 */
export const KNOWN_CALLBACK_PREFIXES: readonly string[] = ['https://chatgpt.com/connector/oauth/'];
