import { join } from 'node:path';
import { stagePlans } from '../../../src/cli/checks/stage-plans';
import type { Project } from '../../../src/cli/project/project';
import type { StackState } from '../../../src/cli/stack/stack';
import { loadDeployFile } from '../../../src/config/load/deploy-file';
import { TestProject } from '../support/project';

function project(toml: string): Project {
  const { root } = new TestProject(`[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n${toml}`);
  const file = loadDeployFile(join(root, '.pmcp', 'deploy.toml'), {});
  return { root, appFolder: root, file, serverName: 'hello', stage: 'default', stackName: 'hello', region: 'eu-west-1' };
}

/** A stack with servers, each with its way of signing in. */
function stack(servers: Record<string, string | undefined>): StackState {
  const outputs = Object.entries(servers).flatMap(([name, auth]) => [
    { key: `${name}FunctionName`, value: 'f' },
    { key: `${name}McpUrl`, value: `https://${name}.example.com/mcp` },
    ...auth === undefined ? [] : [{ key: `${name}McpAuth`, value: auth }],
  ]);
  return { name: 'hello', id: '1', status: 'CREATE_COMPLETE', tags: new Map(), outputs };
}

async function expected(toml: string, servers: Record<string, string | undefined>): Promise<Record<string, boolean>> {
  const plans = await stagePlans(project(toml), undefined, stack(servers));
  return Object.fromEntries(plans.map(({ url, authRequired }) => [new URL(url).hostname.split('.')[0], authRequired]));
}

test('deploy.toml says whether its server asks for a token, whatever is deployed', async () => {
  expect(await expected('[auth]\nenabled = true\nprovider = "iam"\n', { hello: 'none' })).toEqual({ hello: true });
  expect(await expected('', { hello: 'cognito' })).toEqual({ hello: false });
});

test('the outputs say it of the servers that the CDK app adds', async () => {
  expect(await expected('[auth]\nenabled = true\nprovider = "iam"\n', {
    hello: 'iam',
    open: 'none',
    team: 'cognito',
    old: undefined,
  })).toEqual({
    hello: true, open: false, team: true, old: false,
  });
});
