/**
 * Packages that are run with npx, in versions that were reviewed. Without a version, npx runs the latest one.
 * mcp-remote before 0.1.16 let a server run commands (CVE-2025-6514).
 */
export const NPX_PACKAGES = {
  conformance: '@modelcontextprotocol/conformance@0.1.16',
  inspector: '@modelcontextprotocol/inspector@2.12.0',
  mcpRemote: 'mcp-remote@0.15.1',
};
