/**
 * Redirect URLs of MCP clients that say which they use. Amazon Cognito compares the whole URL, the port included, so clients that listen on any
 * port must register themselves.
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
 * Redirect URLs of known clients that differ from one connection to the next: what stands before the last part.
 *
 * @internal
 */
export const KNOWN_CALLBACK_PREFIXES: readonly string[] = ['https://chatgpt.com/connector/oauth/'];
