import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { glob } from '../../../src/rust/fingerprint/glob';
import { listedFiles } from '../../../src/rust/fingerprint/listing';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-glob-')));
const base = join(root, 'base');
beforeAll(() => {
  for (const path of [
    'a.json', 'b.tmp', '.hidden', 'deep/c.json', 'deep/er/d.json', 'deep/er/.DS_Store', 'with [brackets]/e.txt', 'target/x',
    'node_modules/y', 'nested/Cargo.toml', 'nested/src/lib.rs', 'ignored.log',
  ]) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), path);
  }
  writeFileSync(join(base, 'target/CACHEDIR.TAG'), '');
  writeFileSync(join(base, '.gitignore'), '*.log\n');
  writeFileSync(join(root, 'outside.txt'), 'outside');
  symlinkSync('../outside.txt', join(base, 'escape'));
  symlinkSync('a.json', join(base, 'alias'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const files = (include: string[], exclude: string[] = []) => glob({ kind: 'globs', path: base, option: 'include', include, exclude });

test.each<[string, string[], string[], string[]]>([
  ['a file', ['a.json'], [], ['a.json']],
  ['a relative file', ['./a.json'], [], ['a.json']],
  ['a folder', ['deep'], [], ['deep/c.json', 'deep/er/.DS_Store', 'deep/er/d.json']],
  ['a folder with a slash', ['deep/'], ['**/.DS_Store'], ['deep/c.json', 'deep/er/d.json']],
  ['globs', ['**/*.json'], [], ['a.json', 'deep/c.json', 'deep/er/d.json']],
  ['a folder that is excluded', ['**/*.json'], ['deep/er'], ['a.json', 'deep/c.json']],
  ['hidden files', ['.hid*'], [], ['.hidden']],
  ['braces', ['{a,deep/c}.json'], [], ['a.json', 'deep/c.json']],
  ['a link that stays inside', ['alias'], [], ['alias']],
])('%s', (_name, include, exclude, expected) => {
  expect(files(include, exclude)).toEqual(expected);
});

test('never what git, npm and cargo made', () => {
  expect(files(['**/*'], ['escape'])).toEqual(expect.not.arrayContaining(['target/x', 'node_modules/y']));
});

test.each([
  ['nothing*', `include[0]: "nothing*" matches no file in ${base}: correct the glob, or leave it out`],
  ['../outside.txt', `include[0]: "../outside.txt" leaves ${base} by "..": set the base folder to one that has all of the files`],
  ['deep/../../outside.txt',
    `include[0]: "deep/../../outside.txt" leaves ${base} by "..": set the base folder to one that has all of the files`],
  ['/etc/hosts', `include[0]: "/etc/hosts" is an absolute path: give a glob relative to ${base}`],
  ['escape', `include: escape is a symbolic link to ${root}/outside.txt, outside of ${base}: copy the file into the folder, or exclude it`],
])('%s is refused', (pattern, message) => {
  expect(() => files([pattern])).toThrow(message);
});

test('a base folder that is not there', () => {
  const listing = { kind: 'globs' as const, path: join(root, 'none'), option: 'include', include: ['a'], exclude: [] };
  expect(() => glob(listing)).toThrow(`include: there is no folder ${root}/none`);
});

test('the files of a package are those that cargo would take', () => {
  const paths = listedFiles({ kind: 'package', path: base });
  expect(paths).toEqual(expect.arrayContaining(['.gitignore', 'a.json', 'deep/er/d.json']));
  expect(paths.filter((path) => /^(target|node_modules|nested|ignored)/.test(path))).toEqual([]);
});
