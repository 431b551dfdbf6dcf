import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TARGET_DIR } from './support/package';
import { run } from './support/run';
import { appRun, projectFolder, projenNew, removeProject } from './support/scaffold-app';

const CRATE = {
  'Cargo.toml': '[package]\nname = "forecast"\nversion = "0.1.0"\nedition = "2021"\n\n# A comment that stays.\n[dependencies]\n',
  'src/main.rs': 'fn main() {}\n',
  '.gitignore': '/target\n',
};

const folders: string[] = [];
afterAll(() => folders.forEach(removeProject));

function project(name: string, files: Record<string, string> = {}): string {
  const folder = projectFolder(name, files);
  folders.push(folder);
  return folder;
}

/** Everything that git sees, so that a later `git status` tells what changed. */
async function stage(folder: string) {
  await run('git', ['init', '--quiet'], { cwd: folder });
  await run('git', ['add', '--all'], { cwd: folder });
}

async function changes(folder: string): Promise<string> {
  await run('git', ['add', '--intent-to-add', '--all'], { cwd: folder });
  return (await run('git', ['diff', '--name-only'], { cwd: folder })).stdout;
}

async function expectWorkingApp(app: string, stack: string) {
  expect(await appRun(app, 'tsc', ['--noEmit'])).toMatchObject({ status: 0 });
  expect(await appRun(app, 'cdk', ['ls'])).toMatchObject({ status: 0, stdout: `${stack}\n` });
  expect(await appRun(app, 'pmcp-deploy', ['--help'])).toMatchObject({ status: 0 });
}

describe('in an empty folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = project('weather');
    await projenNew(folder);
  });

  test('the CDK app works', () => expectWorkingApp(folder, 'weather'));

  test('npx projen changes nothing', async () => {
    await stage(folder);
    expect(await appRun(folder, 'projen', [])).toMatchObject({ status: 0 });
    expect(await changes(folder)).toBe('');
  });

  test('Cargo.lock is what cargo would write, and the sample passes its own tests', async () => {
    const { stdout } = await run('cargo', ['test', '--locked'], { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: TARGET_DIR } });
    expect(stdout).toMatch(/test result: ok\. \d+ passed; 0 failed/);
  });
});

describe('beside a crate', () => {
  let folder: string;
  beforeAll(async () => {
    folder = project('my crate', CRATE);
    await projenNew(folder, { args: ['--outdir', 'deploy', '--region', 'eu-west-1'] });
  });

  test('the server has .pmcp and deploy more, and is untouched', () => {
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', '.pmcp', 'Cargo.toml', 'deploy', 'src']);
    for (const [path, text] of Object.entries(CRATE)) expect(readFileSync(join(folder, path), 'utf-8')).toBe(text);
    expect(readdirSync(join(folder, 'src'))).toEqual(['main.rs']);
  });

  test('the CDK app works', () => expectWorkingApp(join(folder, 'deploy'), 'forecast'));

  test('npx projen changes nothing', async () => {
    await stage(folder);
    expect(await appRun(join(folder, 'deploy'), 'projen', [])).toMatchObject({ status: 0 });
    expect(await changes(folder)).toBe('');
  });

  test('a mistake in deploy.toml has its place, and no JavaScript stack', async () => {
    const file = join(folder, '.pmcp/deploy.toml');
    writeFileSync(file, readFileSync(file, 'utf-8').replace(/^memory_mb/m, 'memory_bm'));
    const { status, stderr } = await appRun(join(folder, 'deploy'), 'cdk', ['ls']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/deploy\.toml:\d+:1: unknown key "memory_bm" in \[server\]; did you mean "memory_mb"\?/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

test('a folder is copied rather than linked, and resolves again', async () => {
  const folder = project('tides', CRATE);
  await projenNew(folder, { from: ROOT });
  const app = join(folder, 'deploy');
  expect(lstatSync(join(app, 'node_modules/pmcp-deploy')).isSymbolicLink()).toBe(false);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: app });
  await expectWorkingApp(app, 'forecast');
});

test('the oldest projen that is supported makes the same app', async () => {
  const oldest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf-8')).devDependencies.projen;
  const folder = project('tides', CRATE);
  await projenNew(folder, { projen: oldest, git: true });
  await expectWorkingApp(join(folder, 'deploy'), 'forecast');
  const { stdout } = await run('git', ['ls-files'], { cwd: folder });
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['.pmcp/deploy.toml', 'Cargo.toml', 'deploy/package-lock.json']));
  expect(stdout).not.toContain('node_modules');
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});
