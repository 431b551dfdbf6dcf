import type { TestPlan } from './run';
import type { Deployment } from '../../config/load/deploy-file';
import { OutputName, outputPrefix } from '../../private/outputs';
import type { Project } from '../project/project';
import { chooseByName, mcpUrls, serversOf, type DeployedServer } from '../stack/deployed-servers';
import { deployedStack, type StackState } from '../stack/stack';
import { CliError } from '../util/errors';

/** The tests of each server of a stage, from deploy.toml. @throws CliError if nothing is deployed */
export async function stagePlans(project: Project, serverName?: string, stack?: StackState): Promise<TestPlan[]> {
  const { checks, timeout_seconds: timeout, warmup_grace_ms: grace, apps_mode: appsMode } = project.file.deployment.post_deploy_tests;
  const deployed = stack ?? await deployedStack(project);
  const urls = mcpUrls(deployed);
  if (urls.length === 0) {
    throw new CliError(`stack ${project.stackName} has no output that ends in McpUrl`, {
      hint: 'deploy it with McpServerStack or McpRustLambda',
    });
  }
  const chosen = serverName === undefined ? urls : [chooseByName(deployed, urls, serverName)];
  return chosen.map(({ prefix, value }) => ({
    ...addressOf(project, deployed, prefix, value),
    token: process.env.PMCP_DEPLOY_TOKEN || undefined,
    authRequired: isProtected(project, deployed, prefix),
    checks: [...new Set(['connectivity', ...checks] as const)],
    grace,
    timeout,
    appsMode,
    mcpTester: true,
  }));
}

/** The URL to test; for a custom domain also the host name that the domain must resolve to. */
function addressOf(project: Project, stack: StackState, prefix: string, url: string): Pick<TestPlan, 'url' | 'domain'> {
  const outputs = outputsOf(stack, prefix);
  const target = outputs?.get(OutputName.DOMAIN_TARGET);
  if (target === undefined) return { url };
  const { hostname, pathname } = new URL(url);
  // A local AWS has no DNS.
  const local = project.local && outputs?.get(OutputName.API_URL);
  if (local) return { url: local.replace(/\/$/, '') + pathname };
  return { url, domain: { name: hostname, target, managed: configurationOf(project, prefix)?.domain?.hosted_zone_id !== undefined } };
}

/** True if deploy.toml enables [auth] for the server. For a server that the CDK app adds, its outputs decide. */
function isProtected(project: Project, stack: StackState, prefix: string): boolean {
  const configured = configurationOf(project, prefix);
  if (configured) return configured.auth?.enabled === true && configured.auth.provider !== 'none';
  return (outputsOf(stack, prefix)?.get(OutputName.AUTH) ?? 'none') !== 'none';
}

function outputsOf(stack: StackState, prefix: string): DeployedServer['outputs'] | undefined {
  return serversOf(stack).find((server) => server.prefix === prefix)?.outputs;
}

function configurationOf({ file }: Project, prefix: string): Deployment | undefined {
  return file.servers.find(({ server }) => outputPrefix(server.name) === prefix);
}
