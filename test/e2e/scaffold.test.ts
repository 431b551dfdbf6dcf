import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expectWorkingApp, projenChanges, runInApp } from './support/app-checks';
import { scaffold, temporaryFolder, tryScaffold } from '../support/app';
import { ROOT } from '../support/package';
import { run } from '../support/run';

const CRATE = {
  'Cargo.toml': '[package]\nname = "forecast"\nversion = "0.1.0"\nedition = "2021"\n\n# A comment that stays.\n[dependencies]\n',
  'src/main.rs': 'fn main() {}\n',
  '.gitignore': '/target\n',
};

const removals: (() => void)[] = [];
afterAll(() => removals.forEach((remove) => remove()));

function project(name: string, files: Record<string, string> = {}): string {
  const folder = temporaryFolder(name);
  removals.push(folder.remove);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return folder.path;
}

describe('beside a crate', () => {
  let folder: string;
  beforeAll(async () => {
    folder = project('my crate', CRATE);
    await scaffold(folder, ['--outdir', 'deploy', '--region', 'eu-west-1', '--no-git']);
    await run('git', ['init', '--quiet'], { cwd: folder });
  });

  test('the server has .pmcp and deploy more, and is untouched', () => {
    expect(readdirSync(folder).sort()).toEqual(['.git', '.gitignore', '.pmcp', 'Cargo.toml', 'deploy', 'src']);
    for (const [path, text] of Object.entries(CRATE)) expect(readFileSync(join(folder, path), 'utf-8')).toBe(text);
    expect(readdirSync(join(folder, 'src'))).toEqual(['main.rs']);
  });

  test('the CDK app works', () => expectWorkingApp(join(folder, 'deploy'), 'forecast'));

  test('npx projen changes nothing', async () => {
    expect(await projenChanges(join(folder, 'deploy'))).toBe('');
  });

  test('a mistake in deploy.toml has its place, and no JavaScript stack', async () => {
    const file = join(folder, '.pmcp/deploy.toml');
    writeFileSync(file, readFileSync(file, 'utf-8').replace(/^memory_mb/m, 'memory_bm'));
    const { status, stderr } = await runInApp(join(folder, 'deploy'), 'cdk', ['ls']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/deploy\.toml:\d+:1: unknown key "memory_bm" in \[server\]; did you mean "memory_mb"\?/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

test.each<[string, Record<string, string>, (folder: string) => string]>([
  ['a Cargo.toml that is not TOML', { 'Cargo.toml': '[package\n' }, (folder) => `${folder}/Cargo.toml is not TOML: Invalid TOML document: illegal character in key\n\n1:  [package\n            ^\n`],
  ['an app that is there already', { ...CRATE, 'deploy/cdk.json': '{}' },
    (folder) => `${folder}/deploy/cdk.json already exists and would be overwritten: move ${folder}/deploy away, or choose another folder with --outdir\n`],
])('%s: says so, and leaves the folder as it was', async (name, files, error) => {
  const folder = project(name, files);
  const before = readdirSync(folder, { recursive: true });
  const { status, stderr } = await tryScaffold(folder, ['--outdir', 'deploy', '--no-git']);
  expect(status).toBe(1);
  expect(stderr.slice(stderr.indexOf('error: '))).toBe(`error: ${error(folder)}`);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

test('a folder is copied rather than linked, and resolves again', async () => {
  const folder = project('tides', CRATE);
  await scaffold(folder, ['--no-git'], { from: ROOT });
  const app = join(folder, 'deploy');
  expect(lstatSync(join(app, 'node_modules/pmcp-deploy')).isSymbolicLink()).toBe(false);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: app });
  await expectWorkingApp(app, 'forecast');
});

test('the oldest projen that is supported makes the same app', async () => {
  const oldest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf-8')).devDependencies.projen;
  const folder = project('tides', CRATE);
  await scaffold(folder, [], { projen: `projen@${oldest}` });
  await expectWorkingApp(join(folder, 'deploy'), 'forecast');
  const { stdout } = await run('git', ['ls-files'], { cwd: folder });
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['.pmcp/deploy.toml', 'Cargo.toml', 'deploy/package-lock.json']));
  expect(stdout).not.toContain('node_modules');
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});
