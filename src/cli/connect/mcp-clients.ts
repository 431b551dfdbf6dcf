/** The MCP clients that can be set up. */
export const MCP_CLIENTS = {
  'claude-code': 'Claude Code',
  'claude-desktop': 'Claude Desktop',
  'cursor': 'Cursor',
  'vscode': 'VS Code',
  'inspector': 'MCP Inspector',
};

/** The name of a client, as commands take it. */
export type McpClientName = keyof typeof MCP_CLIENTS;
