import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, enter, leave, read } from './support';
import { renameLock } from '../../src/scaffold/sample-server';
import { template } from '../../src/scaffold/templates';
import { parse } from '../../src/util/smol-toml';

afterEach(leave);

const lock = readFileSync(template('server', 'Cargo.lock'), 'utf-8');

test('a lock file that keeps its name stays as cargo wrote it', () => {
  expect(renameLock(lock, 'my-mcp-server')).toBe(lock);
});

test.each(['aaa', 'zzz', 'tokio-notes'])('the renamed package %s is where cargo wants it', (name) => {
  const names = (parse(renameLock(lock, name)).package as { name: string }[]).map((pkg) => pkg.name);
  expect(names).toContain(name);
  expect(names).toEqual([...names].sort());
  expect(names).toHaveLength((parse(lock).package as unknown[]).length);
});

test('the sample is written with the name of the server', () => {
  const folder = enter();
  create({ serverName: 'tides' });
  expect(read(folder, 'Cargo.toml')).toBe(readFileSync(template('server', 'Cargo.toml'), 'utf-8').replace('my-mcp-server', 'tides'));
  expect(read(folder, 'Cargo.lock')).not.toContain('my-mcp-server');
  expect(readdirSync(join(folder, 'src'))).toEqual(readdirSync(template('server', 'src')));
  for (const file of readdirSync(template('server', 'src'))) {
    expect(read(folder, 'src', file)).toBe(readFileSync(template('server', 'src', file), 'utf-8'));
  }
});

test('no lock in the sample server makes requests wait for each other', () => {
  const sources = template('server', 'src');
  for (const file of readdirSync(sources)) {
    expect([file, readFileSync(join(sources, file), 'utf-8')]).toEqual([file, expect.not.stringMatching(/Mutex|RwLock/)]);
  }
});
