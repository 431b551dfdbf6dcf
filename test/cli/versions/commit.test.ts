import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { commitOf } from '../../../src/cli/versions/commit';
import { formatOrigin, parseOrigin } from '../../../src/cli/versions/origin';
import { temporaryFolder, write } from '../support/project';

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { encoding: 'utf-8' }).trim();
}

function repository(): string {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet');
  write(join(folder, 'server', 'a.rs'), 'fn a() {}');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message', 'one');
  return folder;
}

test('a commit is that of the repository around the folder', async () => {
  const folder = repository();
  expect(await commitOf(join(folder, 'server'))).toBe(git(folder, 'rev-parse', 'HEAD'));
});

test('a change that is not committed is marked, if it is in the folder', async () => {
  const folder = repository();
  write(join(folder, 'elsewhere.txt'), '');
  expect(await commitOf(join(folder, 'server'))).toMatch(/^[0-9a-f]{40}$/);
  write(join(folder, 'server', 'b.rs'), '');
  expect(await commitOf(join(folder, 'server'))).toMatch(/^[0-9a-f]{40}\+$/);
});

test('without a commit or without git there is none', async () => {
  const folder = temporaryFolder();
  expect(await commitOf(folder)).toBeUndefined();
  git(folder, 'init', '--quiet');
  expect(await commitOf(folder)).toBeUndefined();
});

test.each([{ commit: `${'a1'.repeat(20)}+` }, { before: '7' }, { commit: 'a1'.repeat(20), before: '12' }, {}])('the note %j is read as it was written', (note) => {
  expect(parseOrigin(formatOrigin(note))).toEqual({ commit: undefined, before: undefined, ...note });
});

test.each([undefined, 'a note of mine', 'commit message', 'commit abc', 'before it', ', before it 3', 'commit 1234567before it 3'])('%j notes nothing', (text) => {
  expect(parseOrigin(text)).toEqual({ commit: undefined, before: undefined });
});
