import {
  chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUp, isExecutable, writeAtomic } from '../../src/util/files';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pmcp-deploy-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(file).mode % 0o1000;

describe('writeAtomic', () => {
  test('creates the folder, and leaves nothing but the file', () => {
    writeAtomic(join(root, 'a', 'b', 'file'), 'text');
    expect(readFileSync(join(root, 'a', 'b', 'file'), 'utf-8')).toBe('text');
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['file']);
  });

  test.each([0o600, 0o640, 0o666])('gives a file the permissions %o, new or not, whatever the umask is', (mode) => {
    const file = join(root, 'file');
    writeAtomic(file, 'new', { mode });
    expect(modeOf(file)).toBe(mode);
    chmodSync(file, 0o755);
    writeAtomic(file, 'newer', { mode, flush: true });
    expect(modeOf(file)).toBe(mode);
    expect(readFileSync(file, 'utf-8')).toBe('newer');
  });

  test('without permissions, a file is as any new one', () => {
    writeFileSync(join(root, 'plain'), '');
    writeAtomic(join(root, 'file'), 'text');
    expect(modeOf(join(root, 'file'))).toBe(modeOf(join(root, 'plain')));
  });

  test('replaces a link, not the file behind it', () => {
    writeFileSync(join(root, 'target'), 'before');
    symlinkSync(join(root, 'target'), join(root, 'file'));
    writeAtomic(join(root, 'file'), 'text');
    expect(lstatSync(join(root, 'file')).isSymbolicLink()).toBe(false);
    expect(readFileSync(join(root, 'target'), 'utf-8')).toBe('before');
  });

  test('leaves nothing when it fails', () => {
    mkdirSync(join(root, 'file', 'inside'), { recursive: true });
    expect(() => writeAtomic(join(root, 'file'), 'text')).toThrow();
    expect(readdirSync(root)).toEqual(['file']);
  });
});

test('findUp returns what is found nearest', () => {
  const folder = join(root, 'a', 'b');
  mkdirSync(folder, { recursive: true });
  expect(findUp(folder, (each) => (each === join(root, 'a') || each === root ? each : undefined))).toBe(join(root, 'a'));
  expect(findUp(folder, () => undefined)).toBeUndefined();
});

test('findUp stops at the last folder', () => {
  const searched: string[] = [];
  findUp(join(root, 'a', 'b'), (folder) => void searched.push(folder), root);
  expect(searched).toEqual([join(root, 'a', 'b'), join(root, 'a'), root]);
});

test('isExecutable is true for files that can be run', () => {
  writeFileSync(join(root, 'plain'), '', { mode: 0o644 });
  writeFileSync(join(root, 'program'), '', { mode: 0o755 });
  expect(['plain', 'program', 'none', '.'].map((name) => isExecutable(join(root, name)))).toEqual([false, true, false, false]);
});
