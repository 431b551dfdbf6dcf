import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTarget, findToolchain } from '../../../src/rust/cargo/toolchain';
import { toolEnvironment } from '../../../src/util/process/which';
import { FakeTools } from '../fake-tools';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
  tools.addToolchain();
});
afterEach(() => tools.restore());

const find = (compiler = 'cargo-zigbuild') => findToolchain(tools.crate('hello'), toolEnvironment({}), compiler);

test('versions, without what belongs to one machine', () => {
  expect(find().versions).toEqual({ rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2', zig: '0.15.1' });
  expect(find('cargo').versions.zig).toBeUndefined();
});

test('nothing is started the second time, until a tool or what chooses it changes', () => {
  find();
  tools.clear();
  find();
  expect(tools.calls()).toEqual([]);
  writeFileSync(join(tools.path('hello'), 'rust-toolchain.toml'), '[toolchain]\nchannel = "1.80"\n');
  find();
  expect(tools.calls()).toContain('rustc -vV');
  tools.clear();
  mkdirSync(tools.path('sysroot/bin'));
  writeFileSync(tools.path('sysroot/bin/rustc'), 'updated');
  find();
  expect(tools.calls()).toContain('rustc -vV');
});

describe('a tool that is missing', () => {
  test.each([
    ['cargo', 'cargo was not found in PATH; install Rust: curl --proto \'=https\' --tlsv1.2 -sSf https://sh.rustup.rs | sh'],
    ['cargo-lambda', 'cargo-lambda was not found in PATH; install it: pip3 install cargo-lambda==1.9.2'],
    ['rustc', 'rustc was not found in PATH; install Rust: curl --proto \'=https\' --tlsv1.2 -sSf https://sh.rustup.rs | sh'],
  ])('%s', (tool, message) => {
    rmSync(tools.path(`bin/${tool}`));
    expect(() => find()).toThrow(expect.objectContaining({ message }));
  });

  test('zig', () => {
    tools.add('python3', 'exit 1');
    const message = 'zig was not found in PATH; install it: pip3 install ziglang, or set bundling.compiler to RustCompiler.CARGO';
    expect(() => find()).toThrow(expect.objectContaining({ message }));
    expect(find('cargo').versions.rustc).toBe('1.95.0 abc');
  });

  test('cross', () => {
    expect(() => find('cross')).toThrow('cross was not found in PATH; install it: cargo install cross');
  });

  test('the target', () => {
    const toolchain = find();
    checkTarget(toolchain, 'aarch64-unknown-linux-gnu.2.34', []);
    expect(() => checkTarget(toolchain, 'aarch64-unknown-linux-musl', [])).toThrow(
      `the Rust target aarch64-unknown-linux-musl was not found in ${tools.path('sysroot')}; `
        + 'install it: rustup target add aarch64-unknown-linux-musl');
    checkTarget(toolchain, 'aarch64-unknown-linux-musl', ['-Z', 'build-std']);
  });
});

test('the cargo-lambda that was installed for this package is used where PATH has none, once it is complete', () => {
  rmSync(tools.path('bin/cargo-lambda'));
  const home = tools.path('cache/cargo-lambda-1.9.2');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin/cargo-lambda'), '#!/bin/sh\n', { mode: 0o755 });
  expect(() => find()).toThrow('cargo-lambda was not found');
  writeFileSync(join(home, '.complete'), '');
  expect(toolEnvironment({}).PATH).toBe(`${join(home, 'bin')}:${process.env.PATH}`);
  expect(find().versions.cargoLambda).toBe('cargo-lambda 1.9.2');
});
