import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../../src/cli/util/lock';
import { isSameProcess, processStart } from '../../../src/cli/util/processes';
import { temporaryFolder, write } from '../support/project';

test('one at a time', async () => {
  const path = join(temporaryFolder(), 'a', 'lock');
  const seen: string[] = [];
  const waits: number[] = [];
  await Promise.all(['first', 'second'].map(async (name) => withLock(path, async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen.push(`${name} ends`);
  }, (pid) => waits.push(pid))));
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(waits).toEqual([process.pid]);
  expect(existsSync(path)).toBe(false);
});

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, start: '1' })],
  ['of an earlier process with the same id', JSON.stringify({ pid: process.pid, start: 'earlier' })],
  ['that cannot be read', 'half a lo'],
])('a lock %s does not count', async (_, content) => {
  const path = write(join(temporaryFolder(), 'lock'), content);
  expect(await withLock(path, async () => readFileSync(path, 'utf-8'))).toContain(`"pid":${process.pid}`);
  expect(existsSync(path)).toBe(false);
});

test('is given back when the work fails', async () => {
  const path = join(temporaryFolder(), 'lock');
  await expect(withLock(path, async () => {
    throw new Error('no');
  })).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});

test('a process is known by its id and its start', () => {
  expect(isSameProcess(process.pid, processStart(process.pid))).toBe(true);
  expect(isSameProcess(process.pid, 'another')).toBe(false);
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
});
