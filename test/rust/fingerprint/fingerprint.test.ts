import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStats } from '../../../src/rust/fingerprint/file-stats';
import { fingerprint, specOfOptions } from '../../../src/rust/fingerprint/fingerprint';
import type { Inputs } from '../../../src/rust/fingerprint/inputs';
import { checkOptions } from '../../../src/rust/options/options';

const ENV = { RUSTFLAGS: '-C debuginfo=0', CARGO_TARGET_DIR: '/elsewhere', HOME: '/home/me', API_URL: 'https://example.com' };
const VERSIONS = { rustc: '1.90.0 abc 20.1', cargoLambda: 'cargo-lambda 1.9.2', zig: '0.15.1' };

/** Inputs of each kind, with the same content in another folder each time. */
function inputsOf(content = 'fn main() {}'): Inputs {
  const root = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'main.rs'), content);
  writeFileSync(join(root, 'assets', 'a.json'), '{}');
  return {
    files: new Map([['server: src/main.rs', join(root, 'main.rs')], ['server: gone.rs', join(root, 'gone.rs')]]),
    texts: new Map([['configuration 0', '{"build":{}}']]),
    listings: new Map([
      ['asset', { kind: 'globs', path: join(root, 'assets'), option: 'bundling.assets.include', include: ['*'], exclude: [] }],
    ]),
    watched: new Set([join(root, 'build.rs')]),
    env: new Set(['API_URL', 'NOT_SET']),
  };
}

function printOf(inputs: Inputs): string {
  const settings = checkOptions({
    kind: 'function',
    binaryName: 'server',
    bundling: {
      features: ['b', 'a'],
      cargoLambdaFlags: ['--jobs', '2', '--config', 'net.offline=true'],
      environment: { SECRET: 'hidden' },
      commandHooks: { beforeBundling: (from, to) => [`echo ${from} ${to}`], afterBundling: () => [] },
    },
  });
  const options = { ...settings, manifestPath: '/work/Cargo.toml' };
  const spec = { ...specOfOptions(options, ENV), package: 'server', binary: 'server', together: undefined };
  return fingerprint(spec, VERSIONS, inputs, new FileStats(), ENV);
}

test('stays the same between releases, machines and folders', () => {
  // A change of this value builds every crate of every user again.
  expect(printOf(inputsOf())).toBe('c628fc8486dd8eb1787f13462e3d5cdda3f09da60c24fd0f7faa8140b7804cf1');
});

test('changes with a source', () => {
  expect(printOf(inputsOf('fn main() { }'))).not.toBe(printOf(inputsOf()));
});
