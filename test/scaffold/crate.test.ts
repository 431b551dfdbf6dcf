import { join } from 'node:path';
import { Logger } from 'projen';
import { crate, create, enter, leave, read } from './support';
import { describeCrate } from '../../src/scaffold/crate';

afterEach(leave);

test.each<[string, Record<string, string>, ReturnType<typeof describeCrate>]>([
  ['a package', crate('hello'), { name: 'hello' }],
  ['several binaries, one with the name of the package', crate('hello', '.', ['hello', 'import']), { name: 'hello', binary: 'hello' }],
  ['several binaries with other names', crate('hello', '.', ['serve', 'import']), { name: 'hello', undecided: ['import', 'serve'] }],
  [
    'a virtual workspace with one server',
    { 'Cargo.toml': '[workspace]\nmembers = ["core", "tides"]\n', ...crate('tides', 'tides'), 'core/src/lib.rs': '', 'core/Cargo.toml': crate('core')['Cargo.toml'] },
    { name: 'tides' },
  ],
  [
    'a virtual workspace with several servers, one with the name of the folder',
    { 'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\n', ...crate('weather', 'a'), ...crate('tides', 'b') },
    { name: 'weather', binary: 'weather' },
  ],
  [
    'a workspace with a package at its root',
    { ...crate('hello'), 'Cargo.toml': `${crate('hello')['Cargo.toml']}[workspace]\nmembers = ["b"]\n`, ...crate('b', 'b') },
    { name: 'hello' },
  ],
])('%s', (_, files, expected) => {
  expect(describeCrate(enter(files))).toEqual(expected);
});

describe('without cargo', () => {
  const path = process.env.PATH;
  beforeEach(() => { process.env.PATH = ''; });
  afterEach(() => { process.env.PATH = path; });

  test('the name comes from Cargo.toml', () => {
    expect(describeCrate(enter(crate('hello')))).toEqual({ name: 'hello' });
  });

  test('the name of a virtual workspace is that of its folder', () => {
    expect(describeCrate(enter({ 'Cargo.toml': '[workspace]\nmembers = []\n' }))).toEqual({ name: 'weather' });
  });

  test('a Cargo.toml that is not TOML is refused', () => {
    const root = enter({ 'Cargo.toml': '[package\nname = "hello"\n' });
    expect(() => describeCrate(root)).toThrow(`${join(root, 'Cargo.toml')} is not TOML: `);
  });
});

test('a server that is named like a binary is that binary', () => {
  expect(describeCrate(enter(crate('hello', '.', ['serve', 'import'])), 'serve')).toEqual({ name: 'hello', binary: 'serve' });
});

test('tells which binaries there are to choose from', () => {
  const root = enter(crate('hello', '.', ['serve', 'import']));
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  create();
  expect(warn).toHaveBeenCalledWith(
    'the server has several binaries (import, serve): set "binary" in [build] of .pmcp/deploy.toml to the one to deploy',
  );
  expect(read(root, '.pmcp/deploy.toml')).not.toMatch(/^binary/m);
});

test('the binary goes to deploy.toml', () => {
  const root = enter(crate('hello', '.', ['hello', 'import']));
  create();
  expect(read(root, '.pmcp/deploy.toml')).toMatch(/^binary = "hello"$/m);
});
