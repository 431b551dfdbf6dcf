import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { enter, has, leave } from './support';
import { cleanUpNpmInstall } from '../../src/scaffold/own-package';

afterEach(leave);

const installed = { 'node_modules/pmcp-deploy/package.json': '{}' };

test.each<[string, Record<string, string>]>([
  ['without a package.json', {}],
  ['with the package.json that npm wrote for it', { 'package.json': '{"devDependencies": {"pmcp-deploy": "file:pmcp-deploy-0.0.0.tgz", "projen": "^0.103.25"}}' }],
])('removes what projen has installed beside the server, %s', (_, manifest) => {
  const root = enter({ ...installed, ...manifest, 'Cargo.toml': '' });
  cleanUpNpmInstall(join(root, 'deploy'), root);
  expect(readdirSync(root)).toEqual(['Cargo.toml']);
});

test('removes it from the folder of the app, too, when there is none in the end', () => {
  const root = enter({ ...installed, 'package.json': '{"devDependencies": {"pmcp-deploy": "^1.0.0", "projen": "*"}}' });
  cleanUpNpmInstall(undefined, root);
  expect(readdirSync(root)).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  ['the app\'s own node_modules', installed, '.'],
  ['node_modules of a package', { ...installed, 'package.json': '{"name": "widgets", "devDependencies": {"projen": "*"}}' }, 'deploy'],
  ['node_modules with other packages', { ...installed, 'package.json': '{"devDependencies": {"left-pad": "*"}}' }, 'deploy'],
  ['what the user installed', { ...installed, 'package.json': '{"devDependencies": {"pmcp-deploy": "^1.0.0"}}' }, 'deploy'],
  ['node_modules of something else', { 'node_modules/left-pad/package.json': '{}' }, 'deploy'],
])('keeps %s', (_, files, outdir) => {
  const root = enter(files);
  cleanUpNpmInstall(join(root, outdir), root);
  expect(has(root, 'node_modules')).toBe(true);
});
