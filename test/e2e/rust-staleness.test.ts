import childProcess from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, server, writeFiles } from '../support/crates';
import { invoke } from './support/runtime-api';
import { RustBench } from './support/rust';
import { BundlingOptions, RustFunction } from '../../src/rust';

const bench = new RustBench();
const root = bench.path('checkout/app');
const member = join(root, 'servers/main');

beforeAll(async () => {
  await bench.start();
  writeFiles(bench.path('checkout'), {
    'app/Cargo.toml': '[workspace]\nmembers = ["servers/*"]\nresolver = "2"\n[profile.custom]\ninherits = "dev"\n',
    'app/.cargo/config.toml': '[term]\nquiet = false\n',
    'app/rust-toolchain.toml': '[toolchain]\nchannel = "stable"\n',
    'app/servers/main/Cargo.toml': manifest('main', '[features]\nextra = []\n[dependencies]\nneighbour = { path = "../../../libs/neighbour" }\n'),
    'app/servers/main/build.rs': 'fn main() { println!("cargo:rerun-if-changed=watched");\nprintln!("cargo:rerun-if-changed=single.txt");\n'
      + 'println!("cargo:rerun-if-env-changed=ASKED_BY_SCRIPT"); }',
    'app/servers/main/watched/one.txt': '1',
    'app/servers/main/single.txt': '1',
    'app/servers/main/included.txt': 'included',
    'app/servers/main/src/main.rs': server('format!("{} {} {}", neighbour::number(), module::text(), option_env!("ASKED_BY_CODE").is_some())', 'mod module;'),
    'app/servers/main/src/module.rs': 'pub fn text() -> &\'static str { let _ = include_bytes!("../../../../outside.bin"); include_str!("../included.txt") }',
    'app/servers/main/README.md': '# main',
    'app/servers/main/extra/shipped.txt': '1',
    'app/servers/main/hook-input.txt': '1',
    'app/servers/other/Cargo.toml': manifest('other'),
    'app/servers/other/src/main.rs': server('"other"'),
    'libs/neighbour/Cargo.toml': manifest('neighbour'),
    'libs/neighbour/src/lib.rs': 'pub fn number() -> u32 { 1 }',
    'outside.bin': 'outside',
  });
});
afterAll(() => bench.stop());

const options: BundlingOptions = {
  profile: 'dev',
  assets: { include: ['extra'] },
  hookInputs: ['hook-input.txt'],
};

function synth(bundling: BundlingOptions = {}, manifestPath = member) {
  return bench.synth((stack) => new RustFunction(stack, 'Function', { manifestPath, bundling: { ...options, ...bundling } }));
}

/** Changes the text of a file. */
function edit(path: string, change: (text: string) => string = (text) => `${text}\n`): () => void {
  return () => {
    const file = join(bench.path('checkout'), path);
    writeFileSync(file, change(readFileSync(file, 'utf-8')));
  };
}

describe('inputs', () => {
  const rows: [string, () => void, BundlingOptions?][] = [
    ['the source of the binary', edit('app/servers/main/src/main.rs', (text) => text.replace('hello', 'goodbye').concat('// changed\n'))],
    ['a module', edit('app/servers/main/src/module.rs')],
    ['a path dependency', edit('libs/neighbour/src/lib.rs', (text) => text.replace('1', '2'))],
    ['a new module of a path dependency', () => writeFiles(bench.path('checkout/libs/neighbour'), {
      'src/lib.rs': 'mod new; pub use new::number;', 'src/new.rs': 'pub fn number() -> u32 { 3 }',
    })],
    ['a file in include_str!', edit('app/servers/main/included.txt')],
    ['a file in include_bytes! outside of the workspace', edit('outside.bin')],
    ['a file in a folder that the build script watches', edit('app/servers/main/watched/one.txt')],
    ['a new file in a folder that the build script watches', () => writeFiles(member, { 'watched/deep/two.txt': '2' })],
    ['a file that the build script watches', edit('app/servers/main/single.txt')],
    ['the build script', edit('app/servers/main/build.rs')],
    ['a build script that is new', () => writeFiles(bench.path('checkout/libs/neighbour'), { 'build.rs': 'fn main() { println!("cargo:rerun-if-changed=build.rs"); }' })],
    ['Cargo.lock', edit('app/Cargo.lock', (text) => text.replace('version = 4\n', 'version = 3\n'))],
    ['the Cargo.toml of the package', edit('app/servers/main/Cargo.toml')],
    ['the Cargo.toml of the workspace', edit('app/Cargo.toml')],
    ['the Cargo.toml of a path dependency', edit('libs/neighbour/Cargo.toml')],
    ['.cargo/config.toml of the workspace', edit('app/.cargo/config.toml')],
    ['.cargo/config.toml of the package, which is new', () => writeFiles(member, { '.cargo/config.toml': '[env]\nFROM_CONFIGURATION = "1"\n' })],
    ['.cargo/config.toml above the workspace, which is new', () => writeFiles(bench.path('checkout'), {
      '.cargo/config.toml': '[build]\nrustflags = ["--cfg", "above"]\n',
    })],
    ['rust-toolchain.toml', edit('app/rust-toolchain.toml', (text) => `${text}profile = "minimal"\n`)],
    ['a variable that the code reads', () => { process.env.ASKED_BY_CODE = '1'; }],
    ['a variable that the build script reads', () => { process.env.ASKED_BY_SCRIPT = '1'; }],
    ['RUSTFLAGS', () => { process.env.RUSTFLAGS = '--cfg changed'; }],
    ['CARGO_PROFILE_DEV_DEBUG', () => { process.env.CARGO_PROFILE_DEV_DEBUG = '0'; }],
    ['a file next to the binary', edit('app/servers/main/extra/shipped.txt')],
    ['a new file next to the binary', () => writeFiles(member, { 'extra/new.txt': '' })],
    ['a file that a hook reads', edit('app/servers/main/hook-input.txt')],
    ['the compiler', () => { process.env.RUSTUP_TOOLCHAIN = 'nightly'; }],
  ];

  test.each(rows)('%s', (_name, change) => {
    const before = synth().hash;
    change();
    const after = synth().hash;
    expect(after).not.toBe(before);
    expect(synth().hash).toBe(after);
    delete process.env.RUSTUP_TOOLCHAIN;
    delete process.env.RUSTFLAGS;
  });

  test('what is changed is what is built', async () => {
    edit('libs/neighbour/src/new.rs', (text) => text.replace('{ 3 }', '{ 4 }'))();
    edit('app/servers/main/included.txt', () => 'now')();
    expect((await invoke(synth().file())).answer).toBe('4 now true');
  });

  test.each<[string, BundlingOptions]>([
    ['features', { features: ['extra'] }],
    ['no default features', { noDefaultFeatures: true }],
    ['profile', { profile: 'custom' }],
    ['flags', { cargoLambdaFlags: ['--config', 'profile.dev.opt-level=1'] }],
    ['CPU', { targetCpu: 'x86-64-v3' }],
    ['build environment', { environment: { ANY: 'value' } }],
    ['hooks', { commandHooks: { beforeBundling: () => ['true'], afterBundling: () => [] } }],
    ['excluded files', { assets: { include: ['extra'], exclude: ['**/new.txt'] } }],
  ])('option: %s', (_name, bundling) => {
    const hashes = [synth().hash, synth(bundling).hash];
    expect(hashes[1]).not.toBe(hashes[0]);
    expect([synth().hash, synth(bundling).hash]).toEqual(hashes);
  });
});

describe('no inputs', () => {
  test.each<[string, () => void]>([
    ['times of files', () => ['src/main.rs', 'Cargo.toml', 'watched/one.txt'].forEach((path) => utimesSync(join(member, path), new Date(), new Date()))],
    ['a README', edit('app/servers/main/README.md')],
    ['.git', () => writeFiles(bench.path('checkout'), { '.git/HEAD': 'ref: refs/heads/main', 'app/.git/index': 'x' })],
    ['the target folder', () => rmSync(process.env.CARGO_TARGET_DIR!, { recursive: true, force: true })],
    ['the source of another package', edit('app/servers/other/src/main.rs')],
    ['the Cargo.toml of another package', edit('app/servers/other/Cargo.toml')],
    ['a variable that nobody reads', () => { process.env.NOBODY_READS_THIS = '1'; }],
    ['a file that is not watched', () => writeFiles(member, { 'src/notes.txt': '1', 'unwatched/one.txt': '1' })],
  ])('%s', (_name, change) => {
    const before = synth().hash;
    change();
    const calls = bench.callsDuring(() => expect(synth().hash).toBe(before));
    expect(calls.filter((call) => call.startsWith('lambda build'))).toEqual([]);
  });

  test('another binary of the package', () => {
    const before = synth().hash;
    writeFiles(member, { 'src/bin/second.rs': 'fn main() {}' });
    expect(() => synth()).toThrow('has several binaries: "main", "second"; set binaryName (in deploy.toml: [build] binary) to the one you mean');
    rmSync(join(member, 'src/bin'), { recursive: true });
    expect(synth().hash).toBe(before);
  });

  test('the place of the checkout, when a new one is built', () => {
    const before = synth().hash;
    const copy = bench.path('another/deeper/checkout');
    mkdirSync(copy, { recursive: true });
    cpSync(bench.path('checkout'), copy, { recursive: true });
    const shared = process.env.PMCP_DEPLOY_CACHE;
    process.env.PMCP_DEPLOY_CACHE = bench.path('another-cache');
    const calls = bench.callsDuring(() => expect(synth({}, join(copy, 'app/servers/main')).hash).toBe(before));
    expect(calls.filter((call) => call.startsWith('lambda build'))).not.toEqual([]);
    process.env.PMCP_DEPLOY_CACHE = shared;
  });

  test('nothing at all: no process is started', () => {
    const { hash } = synth();
    const spawn = jest.spyOn(childProcess, 'spawnSync');
    expect(synth().hash).toBe(hash);
    expect(spawn).not.toHaveBeenCalled();
    spawn.mockRestore();
  });
});
