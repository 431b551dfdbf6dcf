import type { Deployment } from '../../config/deploy-file';
import { CliError } from '../errors';
import type { Project } from '../project';
import { serversOf } from '../servers';
import { deployedStack, mcpUrls, type StackState } from '../stack';
import type { TestPlan } from './run';

/** The tests of each server of a stage, as deploy.toml wants them. @throws CliError when nothing is deployed */
export async function stagePlans(project: Project, serverName?: string, stack?: StackState): Promise<TestPlan[]> {
  const { deployment, servers } = project.file;
  const { checks, timeout_seconds: timeout, warmup_grace_ms: grace, apps_mode: appsMode } = deployment.post_deploy_tests;
  const deployed = stack ?? await deployedStack(project);
  const urls = mcpUrls(deployed);
  if (urls.length === 0) throw new CliError(`stack ${project.stackName} has no output that ends in McpUrl`, { hint: 'deploy it with McpServerStack or McpRustLambda' });
  const wanted = urls.filter(({ key }) => serverName === undefined || key === outputName(serverName));
  if (wanted.length === 0) throw new CliError(`there is no server ${JSON.stringify(serverName)}; there are ${servers.map(({ server }) => server.name).join(', ')}`);
  return wanted.map(({ key, value }) => ({
    url: value,
    token: process.env.PMCP_DEPLOY_TOKEN || undefined,
    authRequired: isProtected(deployed, key, servers),
    checks: [...new Set(['connectivity', ...checks] as const)],
    grace,
    timeout,
    appsMode,
    mcpTester: true,
  }));
}

function outputName(server: string): string {
  return `${server.replace(/[^A-Za-z0-9]/g, '')}McpUrl`;
}

/** What deploy.toml says of a server, and of one that the CDK app adds to those what its own outputs say. */
function isProtected(stack: StackState, key: string, servers: readonly Deployment[]): boolean {
  const configured = servers.find(({ server }) => outputName(server.name) === key);
  if (configured) return configured.auth?.enabled === true && configured.auth.provider !== 'none';
  const outputs = serversOf(stack).find(({ prefix }) => `${prefix}McpUrl` === key)?.outputs;
  return (outputs?.get('McpAuth') ?? 'none') !== 'none';
}
