import { expectWorkingApp } from './support/app-checks';
import { EMPTY, inventory } from './support/local-aws';
import { expectWorkingServer, mcpUrl } from './support/sample-server';
import { pmcpDeploy, scaffold, stopLocal, temporaryFolder } from '../support/app';
import { e2eEnv, VALIDATED } from '../support/env';
import { run } from '../support/run';

/*
 * `projen new` in an empty folder writes a sample server and its CDK app.
 */

const folder = temporaryFolder('from-nothing');
const app = folder.path;

beforeAll(async () => scaffold(app));
afterAll(async () => {
  await stopLocal(app);
  folder.remove();
});

test('the CDK app works', async () => expectWorkingApp(app, 'from-nothing'));

test('the sample server deploys and works', async () => {
  await pmcpDeploy(app, ['local'], { env: e2eEnv(VALIDATED) });
  await expectWorkingServer(mcpUrl((await pmcpDeploy(app, ['outputs', '--local', '--json'])).stdout));
  await pmcpDeploy(app, ['destroy', '--local', '--yes']);
  expect(await inventory()).toEqual(EMPTY);
});

test('Cargo.lock is what cargo would write, and the sample passes its own tests', async () => {
  // With this profile and this target, cargo has compiled the build scripts and the procedural macros already.
  const args = ['test', '--locked', '--release', '--target', 'host-tuple'];
  const checks = { CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS: 'true', CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS: 'true' };
  const { stdout } = await run('cargo', args, { cwd: app, env: e2eEnv(checks) });
  expect(stdout).toMatch(/test result: ok\. \d+ passed; 0 failed/);
});

test('npx projen changes nothing', async () => {
  await run('npx', ['--no-install', 'projen'], { cwd: app, env: e2eEnv() });
  expect((await run('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: app })).stdout).toBe('');
});
