import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteStackCommand, DescribeStackEventsCommand, DescribeStacksCommand, ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { awsError, cloudFormation, emptyAccount, logs, NO_STACK, stack, stackIs } from './cli/support/aws';
import { startServer } from './cli/support/mcp-server';
import { TestProject, write } from './cli/support/project';
import { cli } from './cli/support/run';
import { MINIMAL } from './config/deploy-toml';
import { functionOf, synthesize } from './config/synth';
import { FakeTools } from './rust/fake-tools';
import { create, crate, enter, leave, read } from './scaffold/support';
import { isPassed } from '../src/cli/checks/report/results';
import { runTests } from '../src/cli/checks/run';
import { createProgram } from '../src/cli/program';
import { findDeployFile } from '../src/cli/project/project';
import { loadDeployFile } from '../src/config/load/deploy-file';
import { RustFunction } from '../src/rust';
import type * as Toolchain from '../src/rust/cargo/toolchain';

/*
 * What users of the tool that deploy.toml comes from ran into, by the numbers of that list.
 */

jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));
let mockToolchain = false;
jest.mock('../src/rust/cargo/toolchain', () => {
  const real = jest.requireActual<typeof Toolchain>('../src/rust/cargo/toolchain');
  return {
    ...real,
    findToolchain: (...args: Parameters<typeof Toolchain.findToolchain>) => (
      mockToolchain ? { versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' } : real.findToolchain(...args)
    ),
    checkTarget: (...args: Parameters<typeof Toolchain.checkTarget>) => (mockToolchain ? undefined : real.checkTarget(...args)),
  };
});

const GONE = awsError('ResourceNotFoundException');
const CARGO_TOML = '# Mine.\n[package]\nname = "hello" # a name\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n# none yet\n';
const TOML = (name: string) => `[aws]\nregion = "eu-west-1"\n[server]\nname = "${name}"\n[post_deploy_tests]\nenabled = false\n`;

beforeEach(() => {
  emptyAccount();
  logs.on(DeleteLogGroupCommand).rejects(GONE);
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] });
  cloudFormation.on(DeleteStackCommand).resolves({});
});
afterEach(leave);

/** CloudFormation has the stack hello, and no other. */
function onlyHelloIsDeployed(): void {
  cloudFormation.on(DescribeStacksCommand).rejects(NO_STACK).on(DescribeStacksCommand, { StackName: 'hello' }).resolves({ Stacks: [stack()] });
}

function run(project: TestProject, ...args: string[]) {
  return cli(project.root, project.environment(), ...args);
}

test('1. a renamed server is a stack of its own, and the old one is not touched', async () => {
  expect([synthesize(), synthesize(MINIMAL.replace('hello', 'hallo'))].map(({ stack: { stackName } }) => stackName)).toEqual(['hello', 'hallo']);
  onlyHelloIsDeployed();
  const { stdout } = await run(new TestProject(TOML('hallo')), 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ stack: 'hallo', status: 'NOT_DEPLOYED' });
});

test('2. destroy reports no success while the stack is there', async () => {
  cloudFormation.on(DescribeStacksCommand).resolvesOnce({ Stacks: [stack()] }).resolves({ Stacks: [stack({ StackStatus: 'DELETE_FAILED' })] });
  const { code, stderr } = await run(new TestProject(), 'destroy', '--yes');
  expect(code).toBe(2);
  expect(stderr).toContain('error: stack hello was not deleted: it is DELETE_FAILED');
});

test('3. outputs of a former name are not shown under a new one', async () => {
  onlyHelloIsDeployed();
  expect((await run(new TestProject(TOML('hello')), 'outputs', '--json')).code).toBe(0);
  expect(await run(new TestProject(TOML('hallo')), 'outputs', '--json')).toMatchObject({ code: 1, stdout: '' });
});

test('4. memory and timeout are those of the file', () => {
  expect(functionOf(`${MINIMAL}memory_mb = 1536\ntimeout_seconds = 12\n`)).toMatchObject({ MemorySize: 1536, Timeout: 12 });
});

test('5. [environment] reaches the function', () => {
  expect(functionOf(`${MINIMAL}[environment]\nCITY = "Bern"\n`).Environment.Variables).toMatchObject({ CITY: 'Bern' });
});

test('6. init leaves a deploy.toml that is there as it is', async () => {
  const project = new TestProject();
  write(join(project.root, 'Cargo.toml'), CARGO_TOML);
  const path = join(project.root, '.pmcp', 'deploy.toml');
  const before = readFileSync(path, 'utf-8');
  const { code, stderr } = await run(project, 'init', '--name', 'other', '--no-install');
  expect([code, readFileSync(path, 'utf-8')]).toEqual([0, before]);
  expect(stderr).toContain('.pmcp/deploy.toml already exists, left unchanged');
  expect(stderr).toContain('--name has no effect: the name of the server is in [server] of deploy.toml');
});

test('7. a first deployment is no failure, and neither is one that changes nothing', async () => {
  mockToolchain = true;
  const project = new TestProject();
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(NO_STACK).resolves({ Stacks: [stack()] });
  expect((await run(project, 'deploy')).code).toBe(0);
  expect(await run(project, 'deploy')).toMatchObject({ code: 0, stdout: expect.stringContaining('MCP URL: https://') });
  mockToolchain = false;
});

test('8. no function, role or API has a name that another stack could own', () => {
  const { template } = synthesize(`${MINIMAL}[observability.alarms]\n`);
  template.allResourcesProperties('AWS::Lambda::Function', { FunctionName: Match.absent() });
  template.allResourcesProperties('AWS::IAM::Role', { RoleName: Match.absent() });
  // A name that has the stack's id in it is of this stack.
  const names = Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.LogGroupName);
  for (const name of names.filter((each) => each !== undefined)) expect(JSON.stringify(name)).toContain('{"Ref":"AWS::StackId"}');
});

describe('the build', () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools();
    tools.addToolchain();
  });
  afterEach(() => tools.restore());

  const assetOf = (manifestPath: string) => {
    const lambda = new Stack(new App(), 'Stack');
    new RustFunction(lambda, 'Function', { manifestPath, architecture: Architecture.ARM_64 });
    const [{ Properties }] = Object.values(Template.fromStack(lambda).findResources('AWS::Lambda::Function'));
    return Properties.Code.S3Key as string;
  };
  const builds = () => new Set(tools.calls().filter((call) => call.startsWith('cargo lambda build'))).size;

  test('9. builds the binary once for a deployment, and not again for the next', () => {
    const manifestPath = tools.crate('hello');
    assetOf(manifestPath);
    assetOf(manifestPath);
    expect(builds()).toBe(1);
  });

  // That it is the same in another folder too is tested end to end, with the real cargo: main-job.test.ts.
  test('10. gives the same asset for the same sources, whenever it is built', () => {
    const manifestPath = tools.crate('hello');
    const before = assetOf(manifestPath);
    rmSync(tools.path('cache'), { recursive: true });
    utimesSync(join(manifestPath, 'src', 'main.rs'), 1, 1);
    expect(assetOf(manifestPath)).toBe(before);
    expect(tools.calls().filter((call) => call.startsWith('cargo lambda build')).length).toBeGreaterThan(1);
  });
});

describe('destroy', () => {
  beforeEach(() => {
    cloudFormation.on(DescribeStacksCommand).resolvesOnce({ Stacks: [stack()] }).resolves({ Stacks: [stack({ StackStatus: 'DELETE_COMPLETE' })] });
    cloudFormation.on(ListStackResourcesCommand).resolves({
      StackResourceSummaries: [
        { LogicalResourceId: 'Function', ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'hello-fn', ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date() },
        { LogicalResourceId: 'Logs', ResourceType: 'AWS::Logs::LogGroup', PhysicalResourceId: '/hello/logs', ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date() },
      ],
    });
  });

  test('11. leaves nothing of the stack behind', async () => {
    logs.on(DeleteLogGroupCommand, { logGroupName: '/hello/logs' }).resolvesOnce({}).rejects(GONE);
    const { code, stderr } = await run(new TestProject(), 'destroy', '--yes');
    expect(code).toBe(0);
    expect(stderr).toContain('/hello/logs');
    synthesize().template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  }, 15_000);

  test('12. deletes a log group that a late invocation has made again', async () => {
    logs.on(DeleteLogGroupCommand, { logGroupName: '/aws/lambda/hello-fn' }).rejectsOnce(GONE).resolvesOnce({}).rejects(GONE);
    expect((await run(new TestProject(), 'destroy', '--yes')).stderr).toContain('/aws/lambda/hello-fn');
  }, 15_000);
});

describe('the tests of an endpoint', () => {
  const plan = { authRequired: false, checks: ['connectivity'], grace: 0, timeout: 20, mcpTester: false } as const;

  test('13. do not pass when nothing was tested', async () => {
    expect(isPassed([])).toBe(false);
    expect(isPassed([{ group: 'apps', name: 'pages of tools', status: 'skipped', ms: 0 }])).toBe(false);
    const { results } = await runTests({ ...plan, url: 'http://127.0.0.1:9/mcp' });
    expect(isPassed(results)).toBe(false);
  });

  test('14. tell a 404 of the path from a server that cannot be reached', async () => {
    const server = await startServer();
    const { results } = await runTests({ ...plan, url: `${server.origin}/other` });
    await server.close();
    const text = results.map(({ detail }) => detail).join('\n');
    expect(text).toContain('404');
    expect(text).not.toMatch(/unreachable|cannot be reached/);
  });
});

test('15. no lock around the sample server makes requests wait for each other', () => {
  const sources = join(__dirname, '..', 'templates', 'server', 'src');
  for (const file of readdirSync(sources)) expect([file, readFileSync(join(sources, file), 'utf-8')]).toEqual([file, expect.not.stringMatching(/Mutex|RwLock/)]);
});

test('16. the project is found from any folder in it', () => {
  const { root } = new TestProject();
  for (const folder of ['.', '.pmcp', 'deploy', 'deploy/node_modules/aws-cdk']) expect(findDeployFile(join(root, folder))).toBe(join(root, '.pmcp', 'deploy.toml'));
});

test('17. ROLLBACK_COMPLETE is no dead end', async () => {
  mockToolchain = true;
  cloudFormation.on(DescribeStacksCommand)
    .resolvesOnce({ Stacks: [stack({ StackStatus: 'ROLLBACK_COMPLETE' })] })
    .resolvesOnce({ Stacks: [stack({ StackStatus: 'DELETE_COMPLETE' })] })
    .resolves({ Stacks: [stack()] });
  expect((await run(new TestProject(), 'deploy', '--yes')).code).toBe(0);
  expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(1);
  mockToolchain = false;
});

test.each([['/mcp', MINIMAL], ['/', `${MINIMAL}mcp_path = "/"\n`]])('18. GET, POST and DELETE reach the server at %s', (path, toml) => {
  const keys = Object.values(synthesize(toml).template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey);
  expect(keys.sort()).toEqual(['DELETE', 'GET', 'POST'].map((method) => `${method} ${path}`));
});

test('19. declared secrets reach the function', () => {
  expect(functionOf(`${MINIMAL}[secrets.API_KEY]\n`).Environment.Variables.API_KEY).toMatch(/^\{\{resolve:secretsmanager:/);
});

test('20. dashboard, alarms, throttling and concurrency are there', () => {
  const { template } = synthesize(`${MINIMAL}reserved_concurrency = 7\n[observability.alarms]\n[api_gateway]\nrate_limit = 5\n`);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  expect(Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length).toBeGreaterThan(3);
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { DefaultRouteSettings: { ThrottlingRateLimit: 5 } });
  template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 7 });
});

test.each([
  ['a single crate', crate('alone'), 'alone'],
  ['a virtual workspace', { 'Cargo.toml': '[workspace]\nmembers = ["one"]\nresolver = "2"\n', ...crate('one', 'one') }, 'one'],
])('21. %s can be set up', (_, files, name) => {
  const folder = enter(files);
  create({ outdir: 'deploy' });
  expect(loadDeployFile(join(folder, '.pmcp', 'deploy.toml')).serverName).toBe(name);
});

test('22. the functions of the sign-in have code of their own, and the gateway itself checks tokens', () => {
  const { template } = synthesize(`${MINIMAL}[auth]\nenabled = true\nprovider = "cognito"\n[auth.dcr]\n`);
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
  const helpers = functions.filter(({ Runtime }) => /^nodejs/.test(Runtime));
  expect(functions.length - helpers.length).toBe(1);
  expect(new Set(helpers.map(({ Code }) => Code.S3Key)).size).toBe(helpers.length);
  template.allResourcesProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'JWT', AuthorizerUri: Match.absent() });
});

test('23. Cargo.toml stays as it is, comments and all', () => {
  const folder = enter({ 'Cargo.toml': CARGO_TOML, 'src/main.rs': 'fn main() {}\n' });
  create({ outdir: 'deploy' });
  expect(read(folder, 'Cargo.toml')).toBe(CARGO_TOML);
});

test('24. deploy/ has a .gitignore', () => {
  const folder = enter(crate('hello'));
  create({ outdir: 'deploy' });
  expect(read(folder, 'deploy', '.gitignore').split('\n')).toEqual(expect.arrayContaining(['node_modules/', '/cdk.out/']));
});

test('25. outputs are read from CloudFormation, on any machine', async () => {
  stackIs();
  const project = new TestProject();
  const { stdout } = await run(project, 'outputs', '--json');
  expect(existsSync(join(project.root, 'deploy', 'cdk.out'))).toBe(false);
  expect(JSON.parse(stdout).outputs.helloMcpUrl).toBe('https://abc123.execute-api.eu-west-1.amazonaws.com/mcp');
});

test.each([['logs'], ['metrics'], ['test'], ['secrets', 'delete', 'KEY', '--yes'], ['rollback']])('26. %s does something, and fails where there is nothing to do it to', async (...command) => {
  expect(createProgram().commands.map((each) => each.name())).toContain(command[0]);
  const { code, stdout, stderr } = await run(new TestProject(), ...command);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('error: ');
});
