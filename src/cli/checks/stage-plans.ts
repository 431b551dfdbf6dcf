import type { TestPlan } from './run';
import type { Deployment } from '../../config/load/deploy-file';
import type { Project } from '../project/project';
import { serversOf } from '../stack/servers';
import { deployedStack, mcpUrls, type StackState } from '../stack/stack';
import { CliError } from '../util/errors';

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
    ...addressOf(project, deployed, key, value),
    token: process.env.PMCP_DEPLOY_TOKEN || undefined,
    authRequired: isProtected(deployed, key, servers),
    checks: [...new Set(['connectivity', ...checks] as const)],
    grace,
    timeout,
    appsMode,
    mcpTester: true,
  }));
}

/** The URL to test; where it has a domain name of the server's own, what that leads to. */
function addressOf(project: Project, stack: StackState, key: string, url: string): Pick<TestPlan, 'url' | 'domain'> {
  const prefix = key.slice(0, -'McpUrl'.length);
  const outputs = serversOf(stack).find((server) => server.prefix === prefix)?.outputs;
  const target = outputs?.get('DomainTarget');
  if (target === undefined) return { url };
  const { hostname, pathname } = new URL(url);
  // A local AWS has no DNS.
  const local = project.local && outputs?.get('ApiUrl');
  if (local) return { url: local.replace(/\/$/, '') + pathname };
  const configured = project.file.servers.find(({ server }) => outputName(server.name) === key)?.domain;
  return { url, domain: { name: hostname, target, managed: configured?.hosted_zone_id !== undefined } };
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
