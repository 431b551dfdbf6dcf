/** The supported MCP clients, with their titles. */
export const MCP_CLIENTS = {
  'claude-code': 'Claude Code',
  'claude-desktop': 'Claude Desktop',
  'cursor': 'Cursor',
  'vscode': 'VS Code',
  'inspector': 'MCP Inspector',
};

/** The name of a client in commands. */
export type McpClientName = keyof typeof MCP_CLIENTS;
