import { DeleteFunctionCommand, GetAliasCommand, LambdaClient, ListAliasesCommand, ListVersionsByFunctionCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { stagePlans } from '../../../src/cli/checks/stage-plans';
import type { Project } from '../../../src/cli/project/project';
import { requireSecrets } from '../../../src/cli/secrets/required';
import type { StackState } from '../../../src/cli/stack/stack';
import { ExitCode } from '../../../src/cli/util/errors';
import { pruneVersions } from '../../../src/cli/versions/prune';
import { verify } from '../../../src/cli/versions/verify';
import { loadDeployFile } from '../../../src/config/load/deploy-file';
import { startServer } from '../support/mcp-server';
import { onCleanup, temporaryFolder, write } from '../support/project';

/** A project of which only deploy.toml is there. */
function project(toml: string): Project {
  const root = temporaryFolder();
  const file = loadDeployFile(write(`${root}/.pmcp/deploy.toml`, `[aws]\nregion = "us-east-1"\n[server]\nname = "hello"\n${toml}\n`));
  const { serverName, stage, stackName, region } = file;
  const local = { endpoint: 'http://127.0.0.1:9', account: '000000000000', secret: 's' };
  return { root, appFolder: root, file, serverName, stage, stackName, region, local };
}

function stack(url: string): StackState {
  const outputs = { helloMcpUrl: url, helloFunctionName: 'hello-function', helloFunctionVersion: '9' };
  return { id: 'id', name: 'hello', status: 'CREATE_COMPLETE', tags: new Map(), outputs: Object.entries(outputs).map(([key, value]) => ({ key, value })) } as unknown as StackState;
}

/** A stack of a server of which no test passes. */
async function badServer(): Promise<StackState> {
  const server = await startServer({ intercept: (_, response) => { response.writeHead(500).end(); return true; } });
  onCleanup(server.close);
  return stack(server.url);
}

const TESTS = '[post_deploy_tests]\nwarmup_grace_ms = 0\ntimeout_seconds = 5\n';
const lambda = mockClient(LambdaClient);
let said: string[];
beforeEach(() => {
  lambda.reset();
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => { said.push(String(text)); return true; });
});
afterEach(() => jest.restoreAllMocks());

/** What deploy.toml's keys do at a deployment, beside the template. */
const ACTS: Readonly<Record<string, () => Promise<void>>> = {
  'post_deploy_tests.enabled': async () => {
    await verify(project('[post_deploy_tests]\nenabled = false'), await badServer(), new Map());
    expect(said).toEqual([]);
  },
  'post_deploy_tests.checks': async () => {
    expect(await stagePlans(project('[post_deploy_tests]\nchecks = ["apps"]'), undefined, stack('https://a.example/mcp'))).toMatchObject([{ checks: ['connectivity', 'apps'] }]);
  },
  'post_deploy_tests.apps_mode': async () => {
    expect(await stagePlans(project('[post_deploy_tests]\napps_mode = "strict"'), undefined, stack('https://a.example/mcp'))).toMatchObject([{ appsMode: 'strict' }]);
  },
  'post_deploy_tests.timeout_seconds': async () => {
    expect(await stagePlans(project('[post_deploy_tests]\ntimeout_seconds = 7'), undefined, stack('https://a.example/mcp'))).toMatchObject([{ timeout: 7 }]);
  },
  'post_deploy_tests.warmup_grace_ms': async () => {
    expect(await stagePlans(project('[post_deploy_tests]\nwarmup_grace_ms = 3'), undefined, stack('https://a.example/mcp'))).toMatchObject([{ grace: 3 }]);
  },
  'post_deploy_tests.on_failure': async () => {
    const bad = await badServer();
    await expect(verify(project(`${TESTS}on_failure = "fail"`), bad, new Map())).rejects.toMatchObject({
      message: 'deployed, but the tests failed', exitCode: ExitCode.NOT_VERIFIED, hint: 'see the logs of the server: npx pmcp-deploy logs --local',
    });
    await verify(project(`${TESTS}on_failure = "warn"`), bad, new Map());
    expect(said.join('')).toContain('the deployment stays live, because [post_deploy_tests] on_failure is "warn"');
    lambda.on(GetAliasCommand).resolves({ FunctionVersion: '9', RevisionId: 'r' });
    await expect(verify(project(`${TESTS}on_failure = "rollback"`), bad, new Map([['hello-function', { version: '8', weighted: [] }]]))).rejects.toMatchObject({
      message: 'the tests failed, and the deployment was rolled back: hello-function is back at version 8; the tests fail there too', exitCode: ExitCode.NOT_VERIFIED,
    });
    expect(lambda.commandCalls(UpdateAliasCommand).map(({ args: [{ input }] }) => input.FunctionVersion)).toEqual(['8']);
  },
  'deployment.keep_versions': async () => {
    lambda.on(GetAliasCommand).resolves({ FunctionVersion: '9' });
    lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
    lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: ['$LATEST', '5', '6', '7', '8', '9'].map((Version) => ({ Version })) });
    await pruneVersions(project('[deployment]\nkeep_versions = 2'), stack('https://a.example/mcp'));
    expect(lambda.commandCalls(DeleteFunctionCommand).map(({ args: [{ input }] }) => input.Qualifier)).toEqual(['6', '5']);
  },
  'secrets.description': async () => {
    expect(() => requireSecrets(project('[secrets.API_KEY]\ndescription = "Key of the weather service"'))).toThrow('  API_KEY: Key of the weather service');
  },
  'secrets.obtain': async () => {
    expect(() => requireSecrets(project('[secrets.API_KEY]\nobtain = "https://example.com/keys"'))).toThrow('  API_KEY (get it: https://example.com/keys)');
  },
};

test.each(Object.entries(ACTS))('%s', async (_, act) => act());
