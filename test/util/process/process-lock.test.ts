import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock, withLockSync } from '../../../src/util/process/process-lock';
import { isSameProcess, processStart } from '../../../src/util/process/process-start';

const GONE = 2 ** 22 + 1;

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pmcp-deploy-lock-'));
  path = join(root, 'lock');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function hold(holder: object | string, ageMs = 0): void {
  writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const written = (Date.now() - ageMs) / 1000;
  utimesSync(path, written, written);
}

test('one at a time', async () => {
  path = join(root, 'a', 'lock');
  const seen: string[] = [];
  const waits: unknown[] = [];
  await Promise.all(['first', 'second'].map(async (name) => withLock(path, async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen.push(`${name} ends`);
  }, { onWait: (pid) => waits.push(pid) })));
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(waits).toEqual([process.pid]);
  expect(readdirSync(dirname(path))).toEqual([]);
});

test('a short wait is not reported', async () => {
  const waits: unknown[] = [];
  await Promise.all(['first', 'second'].map(async () => withLock(path, async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }, { quietMs: 5000, onWait: (pid) => waits.push(pid) })));
  expect(waits).toEqual([]);
});

describe.each([
  ['withLock', async (action: () => string) => withLock(path, async () => action())],
  ['withLockSync', async (action: () => string) => withLockSync(path, action)],
])('%s', (_name, lock) => {
  test.each([
    ['of a process that is gone', { pid: GONE, start: '1' }, 0],
    ['of a process that is gone, on this machine', { pid: GONE, host: hostname() }, 0],
    ['of an earlier process with the same id', { pid: process.pid, start: 'earlier' }, 0],
    ['of an earlier process with the same id, on this machine', { pid: process.pid, start: 'earlier', host: hostname() }, 0],
    ['that cannot be read', 'half a lo', 0],
    ['that was never written', '', 6000],
    ['of another machine, after an hour', { pid: process.pid, start: processStart(process.pid), host: 'another' }, 3_601_000],
  ])('takes over a lock %s', async (_title, holder, ageMs) => {
    hold(holder, ageMs);
    expect(await lock(() => readFileSync(path, 'utf-8'))).toContain(`"pid":${process.pid}`);
    expect(readdirSync(root)).toEqual([]);
  });

  test('releases the lock when the action fails', async () => {
    await expect(lock(() => {
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  test('leaves a lock that another process has taken over', async () => {
    await lock(() => {
      hold({ pid: GONE, start: '1' });
      return '';
    });
    expect(JSON.parse(readFileSync(path, 'utf-8'))).toEqual({ pid: GONE, start: '1' });
  });
});

test.each([
  ['of a running process without a start', { pid: process.pid }, process.pid],
  ['of another machine', { pid: GONE, host: 'another' }, GONE],
  ['that is being written', '', undefined],
])('waits for a lock %s', async (_title, holder, expected) => {
  hold(holder);
  const waits: unknown[] = [];
  await withLock(path, async () => undefined, {
    onWait: (pid) => {
      waits.push(pid);
      rmSync(path);
    },
  });
  expect(waits).toEqual([expected]);
});

test('a process is known by its id and its start', () => {
  expect(isSameProcess(process.pid, processStart(process.pid))).toBe(true);
  expect(isSameProcess(process.pid, 'another')).toBe(false);
  expect(processStart(GONE)).toBeUndefined();
});
