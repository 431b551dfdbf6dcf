import type { Deployment } from '../../config/load/deploy-file';

/** What a server on this machine gets: the environment of deploy.toml, over the user's own. Nobody can sign in to it, so it is public. */
export function serverEnvironment({ server, environment }: Deployment, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { mcp_path, log_level } = server;
  return { MCP_AUTH_MODE: 'none', ...env, MCP_PATH: mcp_path, ...log_level && { RUST_LOG: log_level }, ...environment };
}
