import type { Deployment } from '../../config/load/deploy-file';

/**
 * The environment of a server on this machine: the user's environment, overridden by deploy.toml. The server is public, because there is
 * no sign-in on this machine.
 */
export function serverEnvironment({ server, environment }: Deployment, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { mcp_path, log_level } = server;
  return { MCP_AUTH_MODE: 'none', ...env, MCP_PATH: mcp_path, ...log_level && { RUST_LOG: log_level }, ...environment };
}
