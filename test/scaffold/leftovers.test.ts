import { join } from 'node:path';
import { enter, has, leave } from './support';
import { removeLeftovers } from '../../src/scaffold/leftovers';

afterEach(leave);

const installed = { 'node_modules/pmcp-deploy/package.json': '{}' };

test('removes what projen has installed beside the server', () => {
  const root = enter(installed);
  removeLeftovers(join(root, 'deploy'), root);
  expect(has(root, 'node_modules')).toBe(false);
});

test.each<[string, Record<string, string>, string]>([
  ['the app\'s own node_modules', installed, '.'],
  ['node_modules of a package', { ...installed, 'package.json': '{}' }, 'deploy'],
  ['node_modules of something else', { 'node_modules/left-pad/package.json': '{}' }, 'deploy'],
])('keeps %s', (_, files, outdir) => {
  const root = enter(files);
  removeLeftovers(join(root, outdir), root);
  expect(has(root, 'node_modules')).toBe(true);
});
