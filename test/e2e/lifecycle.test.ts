import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, stopLocal, temporaryFolder } from '../support/app';
import { serversWorkspace } from '../support/crates';
import { e2eEnv, VALIDATED } from '../support/env';
import { EMPTY, inventory } from './support/local-aws';
import { TARBALL } from '../support/package';
import { run, tryRun, type RunResult } from '../support/run';

/*
 * The life of a project with two servers in two stages: one workspace, one build, a stack for each stage. The servers are small functions
 * that answer with a text, so that each test sees which code is live.
 */

/** Of the real AWS; the local one has its own. */
const ACCOUNT = '123456789012';
const LOCAL_ACCOUNT = '000000000000';

const folder = temporaryFolder('toolbox');
const root = folder.path;
const app = join(root, 'deploy');
const deployToml = join(root, '.pmcp', 'deploy.toml');
const stackFile = join(app, 'lib', 'stack.ts');
const maps = join(root, 'servers', 'maps', 'src', 'main.rs');

afterAll(async () => {
  await stopLocal(app);
  folder.remove();
});

function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, 'utf-8');
  const after = before.replace(from, () => to);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

/** The crates need no others: a target folder of their own saves waiting for the builds of the sample server. */
function env(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return e2eEnv({ CARGO_TARGET_DIR: join(root, 'target'), ...extra });
}

function cli(args: string[], extra: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return run(installed(app), args, { cwd: app, env: env(extra) });
}

function tryCli(args: string[]): Promise<RunResult> {
  return tryRun(installed(app), args, { cwd: app, env: env() });
}

/** What the servers of a stage answer, by their names. */
async function answers(...stage: string[]): Promise<Record<string, string>> {
  const { stdout } = await cli(['outputs', '--local', '--json', ...stage]);
  const { outputs } = JSON.parse(stdout) as { outputs: Record<string, string> };
  const urls = Object.entries(outputs).filter(([name]) => name.endsWith('McpUrl'));
  return Object.fromEntries(await Promise.all(urls.map(async ([name, url]) => {
    return [name.replace('McpUrl', ''), await (await fetch(url, { method: 'POST', body: '{}' })).text()];
  })));
}

async function stages(): Promise<Record<string, string>> {
  const rows = JSON.parse((await cli(['stages', '--local', '--json'])).stdout) as Array<Record<string, string>>;
  expect(rows.map(({ account, stack }) => [account, stack])).toEqual([[LOCAL_ACCOUNT, 'toolbox'], [LOCAL_ACCOUNT, 'toolbox-prod']]);
  return Object.fromEntries(rows.map(({ stage, status }) => [stage, status]));
}

test('init makes deploy.toml, with a stage, and the CDK app; a second time changes nothing', async () => {
  serversWorkspace(root, ['weather', 'maps']);
  const init = () => run('npx', ['--yes', '--package', TARBALL, '--', 'pmcp-deploy', 'init', '--stage', 'prod'], { cwd: root, env: env() });
  await init();
  const before = readFileSync(deployToml, 'utf-8');
  expect((await init()).stderr).toContain('deploy.toml already exists, left unchanged');
  expect(readFileSync(deployToml, 'utf-8')).toBe(before);
  edit(deployToml, /^\[aws\]$/m, `[aws]\naccount_id = "${ACCOUNT}"`);
  edit(deployToml, /^\[stages.prod\]$/m, '[[servers]]\nname = "weather"\n[[servers]]\nname = "maps"\n[post_deploy_tests]\nenabled = false\n[stages.prod.server]\nmemory_mb = 1024');
  const { stdout } = await cli(['validate', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ server: 'toolbox', stages: ['default', 'prod'] });
});

test('the first deployment brings both servers to life, whatever account deploy.toml wants', async () => {
  const { stderr } = await cli(['local'], VALIDATED);
  expect(stderr).toContain(`account ${LOCAL_ACCOUNT}`);
  expect(await answers()).toEqual({ weather: 'hello from weather', maps: 'hello from maps' });
  expect(await stages()).toEqual({ default: 'CREATE_COMPLETE', prod: 'NOT_DEPLOYED' });
});

test('a dry run shows what a change of the code would change, and changes nothing', async () => {
  edit(maps, 'from maps', 'from better maps');
  const { stderr } = await cli(['deploy', '--local', '--dry-run']);
  expect(stderr).toMatch(/\[~\] AWS::Lambda::Function .*maps/);
  expect(stderr).not.toMatch(/AWS::Lambda::Function .*weather/);
  expect(await answers()).toEqual({ weather: 'hello from weather', maps: 'hello from maps' });
  expect(await stages()).toEqual({ default: 'CREATE_COMPLETE', prod: 'NOT_DEPLOYED' });
});

test('a deployment brings it', async () => {
  await cli(['deploy', '--local']);
  expect(await answers()).toEqual({ weather: 'hello from weather', maps: 'hello from better maps' });
  expect(await stages()).toEqual({ default: 'UPDATE_COMPLETE', prod: 'NOT_DEPLOYED' });
});

describe('a deployment that fails', () => {
  beforeAll(() => {
    edit(stackFile, /^import \{ Construct \}/m, "import { Policy, PolicyStatement, User } from 'aws-cdk-lib/aws-iam';\nimport { Construct }");
    edit(stackFile, 'super(scope, id, { config });', "super(scope, id, { config });\n    new Policy(this, 'Jobs', { users: [User.fromUserName(this, 'User', 'nobody')], statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] });");
  });
  afterAll(() => edit(stackFile, /\n    new Policy.*$/m, ''));

  const failed = (stack: string, stage: string) => new RegExp(
    `error: the deployment of ${stack} failed at Jobs\\w+ \\(AWS::IAM::Policy\\), (?:CREATE|UPDATE)_FAILED: The user with name nobody cannot be found.\\n  fix it, then run: npx pmcp-deploy deploy${stage} --local\\n`,
  );

  test('names the resource that failed first and why, and what ran before runs on', async () => {
    edit(maps, 'from better maps', 'from worse maps');
    const { status, stderr } = await tryCli(['deploy', '--local']);
    expect(stderr).toMatch(failed('toolbox', ''));
    expect(status).toBe(2);
    expect(await answers()).toEqual({ weather: 'hello from weather', maps: 'hello from better maps' });
    const { stdout } = await cli(['status', '--local', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failure: expect.stringContaining('AWS::IAM::Policy'),
      advice: 'the state before the failed update was restored; deploy again with: npx pmcp-deploy deploy --local',
    });
  });

  test('for the first time, too', async () => {
    const { status, stderr } = await tryCli(['deploy', '--local', '--stage', 'prod']);
    expect(stderr).toMatch(failed('toolbox-prod', ' --stage prod'));
    expect(status).toBe(2);
    expect(await stages()).toEqual({ default: 'UPDATE_ROLLBACK_COMPLETE', prod: 'ROLLBACK_COMPLETE' });
  });
});

describe('when it is mended', () => {
  test('the next deployment goes through', async () => {
    await cli(['deploy', '--local']);
    expect(await answers()).toEqual({ weather: 'hello from weather', maps: 'hello from worse maps' });
  });

  test('a first deployment that failed is cleaned up when it is wanted, and tried again', async () => {
    const refused = await tryCli(['deploy', '--local', '--stage', 'prod']);
    expect(refused.stderr).toContain('is ROLLBACK_COMPLETE after a failed first deployment, and must be deleted first: '
      + 'run "npx pmcp-deploy destroy --stage prod --local", or deploy with --yes');
    expect(refused.status).toBe(1);
    await cli(['deploy', '--local', '--stage', 'prod', '--yes']);
    expect(await answers('--stage', 'prod')).toEqual({ weather: 'hello from weather', maps: 'hello from worse maps' });
    expect(await stages()).toEqual({ default: 'UPDATE_COMPLETE', prod: 'CREATE_COMPLETE' });
  });
});

test('each stage is destroyed by itself, and nothing is left', async () => {
  await cli(['destroy', '--local', '--yes']);
  expect(await stages()).toEqual({ default: 'NOT_DEPLOYED', prod: 'CREATE_COMPLETE' });
  expect(await answers('--stage', 'prod')).toEqual({ weather: 'hello from weather', maps: 'hello from worse maps' });
  await cli(['destroy', '--local', '--yes', '--stage', 'prod']);
  expect(await stages()).toEqual({ default: 'NOT_DEPLOYED', prod: 'NOT_DEPLOYED' });
  expect(await inventory()).toEqual(EMPTY);
});
