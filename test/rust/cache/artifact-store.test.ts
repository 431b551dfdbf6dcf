import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isComplete, listFiles, publish } from '../../../src/rust/cache/artifact-store';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pmcp-deploy-store-'));
  mkdirSync(join(root, 'from/deep'), { recursive: true });
  writeFileSync(join(root, 'from/bootstrap'), 'binary', { mode: 0o755 });
  writeFileSync(join(root, 'from/deep/file'), 'text');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('publish', () => {
  const to = () => join(root, 'to');
  const files = () => listFiles(join(root, 'from'));

  test('copies all files, and leaves nothing else', () => {
    publish(join(root, 'from'), to(), files());
    expect(listFiles(to())).toEqual([{ path: 'bootstrap', size: 6, executable: true }, { path: 'deep/file', size: 4, executable: false }]);
    expect(readdirSync(root).sort()).toEqual(['from', 'to']);
  });

  test.each([
    ['a file is missing', () => rmSync(join(to(), 'deep'), { recursive: true })],
    ['a file is short', () => writeFileSync(join(to(), 'bootstrap'), 'bin')],
    ['nothing is there but the folder', () => { rmSync(to(), { recursive: true }); mkdirSync(to()); }],
  ])('replaces what is not complete: %s', (_name, tear) => {
    publish(join(root, 'from'), to(), files());
    tear();
    expect(isComplete(to(), files())).toBe(false);
    publish(join(root, 'from'), to(), files());
    expect(isComplete(to(), files())).toBe(true);
    expect(readdirSync(root).sort()).toEqual(['from', 'to']);
  });

  test('leaves what is complete alone', () => {
    publish(join(root, 'from'), to(), files());
    writeFileSync(join(root, 'from/bootstrap'), 'BINARY');
    publish(join(root, 'from'), to(), files());
    expect(readFileSync(join(to(), 'bootstrap'), 'utf-8')).toBe('binary');
  });

  test('a copy that fails leaves nothing', () => {
    expect(() => publish(join(root, 'from'), to(), [...files(), { path: 'none', size: 1, executable: false }])).toThrow('ENOENT');
    expect(readdirSync(root)).toEqual(['from']);
  });
});
