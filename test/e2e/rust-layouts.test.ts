import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { manifest, server, serversWorkspace, writeFiles } from '../support/crates';
import { invoke } from './support/runtime-api';
import { machineOf, RustBench } from './support/rust';
import { RustCompiler, RustExtension, RustFunction, RustFunctionProps, RustWorkspace } from '../../src/rust';

const bench = new RustBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

/** Builds a function, without the time that optimizations take, and returns what its bootstrap answers. */
async function answerOf(props: RustFunctionProps): Promise<string> {
  const synthesized = bench.synth((stack) => new RustFunction(stack, 'Function', {
    ...props, bundling: { profile: 'dev', ...props.bundling },
  }));
  expect(readdirSync(dirname(synthesized.file()))).toEqual(['bootstrap']);
  const { answer, event } = await invoke(synthesized.file(), { number: 7 });
  expect(event).toEqual({ number: 7 });
  return answer;
}

describe('layouts', () => {
  test('a single crate, by folder and by file', async () => {
    const root = bench.path('single');
    writeFiles(root, { 'Cargo.toml': manifest('single'), 'src/main.rs': server('"single"') });
    expect(await answerOf({ manifestPath: root, bundling: { profile: 'release' } })).toBe('single');
    expect(await answerOf({ manifestPath: join(root, 'Cargo.toml') })).toBe('single');
  });

  test('a virtual workspace, by its root and by its member', async () => {
    const root = bench.path('virtual');
    serversWorkspace(root, ['orders', 'stock']);
    expect(await answerOf({ manifestPath: root, binaryName: 'orders' })).toBe('hello from orders');
    expect(await answerOf({ manifestPath: join(root, 'servers/stock') })).toBe('hello from stock');
  });

  test('a root that is package and workspace', async () => {
    const root = bench.path('both');
    writeFiles(root, {
      'Cargo.toml': manifest('both', '[workspace]\nmembers = ["other"]\n'),
      'src/main.rs': server('"root"'),
      'other/Cargo.toml': manifest('other'),
      'other/src/main.rs': server('"member"'),
    });
    expect(await answerOf({ manifestPath: root })).toBe('root');
    expect(await answerOf({ manifestPath: root, binaryName: 'other' })).toBe('member');
  });

  test('several binaries in src/bin', async () => {
    const root = bench.path('bins');
    writeFiles(root, {
      'Cargo.toml': manifest('bins'), 'src/bin/first.rs': server('"first"'), 'src/bin/second/main.rs': server('"second"'), 'src/lib.rs': '',
    });
    expect(await answerOf({ manifestPath: root, binaryName: 'first' })).toBe('first');
    expect(await answerOf({ manifestPath: root, binaryName: 'second' })).toBe('second');
  });

  test('a binary and a dependency with names of their own', async () => {
    const root = bench.path('renamed');
    writeFiles(root, {
      'Cargo.toml': manifest('the-package', '[[bin]]\nname = "the_binary"\npath = "code/start.rs"\n[dependencies]\nalias = { path = "lib", package = "real-name" }\n'),
      'code/start.rs': server('alias::name()'),
      'lib/Cargo.toml': manifest('real-name'),
      'lib/src/lib.rs': 'pub fn name() -> &\'static str { "renamed" }',
    });
    expect(await answerOf({ manifestPath: root })).toBe('renamed');
  });

  test('a path dependency beside the workspace, which inherits from a workspace of its own', async () => {
    const root = bench.path('beside');
    writeFiles(root, {
      'app/Cargo.toml': '[workspace]\nmembers = ["server"]\nresolver = "2"\n',
      'app/server/Cargo.toml': manifest('beside', '[dependencies]\nneighbour = { path = "../../libs/neighbour" }\n'),
      'app/server/src/main.rs': server('neighbour::name()'),
      'libs/Cargo.toml': '[workspace]\nmembers = ["neighbour"]\n[workspace.package]\nversion = "3.2.1"\nedition = "2021"\n',
      'libs/neighbour/Cargo.toml': '[package]\nname = "neighbour"\nversion.workspace = true\nedition.workspace = true\n',
      'libs/neighbour/src/lib.rs': 'pub fn name() -> &\'static str { env!("CARGO_PKG_VERSION") }',
    });
    expect(await answerOf({ manifestPath: join(root, 'app') })).toBe('3.2.1');
  });

  test('folders with spaces and letters beyond ASCII, through a symbolic link', async () => {
    const root = bench.path('my servers/größe ✓');
    writeFiles(root, {
      'Cargo.toml': manifest('odd'), 'src/main.rs': server('include_str!("../té xt#1.txt").trim()'), 'té xt#1.txt': 'odd\n',
    });
    symlinkSync(root, bench.path('linked'));
    expect(await answerOf({ manifestPath: root })).toBe('odd');
    expect(await answerOf({ manifestPath: bench.path('linked') })).toBe('odd');
  });

  test('a git repository at a tag', async () => {
    const root = bench.path('repository');
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: root, stdio: 'pipe' });
    writeFiles(root, { 'crates/a/Cargo.toml': manifest('in-git'), 'crates/a/src/main.rs': server('"old"') });
    execFileSync('git', ['init', '--quiet', root]);
    git('add', '.');
    git('commit', '--quiet', '-m', 'old');
    git('tag', 'v1');
    writeFiles(root, { 'crates/a/src/main.rs': server('"new"') });
    git('commit', '--quiet', '-am', 'new');
    expect(await answerOf({ gitRemote: root, gitReference: 'v1', manifestPath: 'crates/a' })).toBe('old');
    expect(await answerOf({ gitRemote: root, manifestPath: 'crates/a' })).toBe('new');
    git('tag', '--force', 'v1');
    expect(await answerOf({ gitRemote: root, gitReference: 'v1', manifestPath: 'crates/a' })).toBe('new');
  });
});

describe('options', () => {
  const root = () => bench.path('options');
  beforeAll(() => writeFiles(root(), {
    'Cargo.toml': manifest('options', '[features]\ndefault = ["small"]\nsmall = []\nbig = []\n[profile.tuned]\ninherits = "release"\n'),
    'src/main.rs': server('format!("{} {} {}", option_env!("COLOUR").unwrap_or("none"), cfg!(feature = "small"), cfg!(feature = "big"))'),
  }));

  test('features, profile, environment, CPU, plain cargo and further flags', async () => {
    expect(await answerOf({ manifestPath: root() })).toBe('none true false');
    expect(await answerOf({
      manifestPath: root(),
      bundling: {
        features: ['big'],
        noDefaultFeatures: true,
        profile: 'tuned',
        environment: { COLOUR: 'blue' },
        targetCpu: 'x86-64-v2',
        compiler: RustCompiler.CARGO,
        cargoLambdaFlags: ['--config', 'profile.tuned.opt-level=1', '--jobs=1'],
      },
    })).toBe('blue false true');
  });

  test('the architecture of the function', () => {
    const synthesized = bench.synth((stack) => new RustFunction(stack, 'Function', {
      manifestPath: root(), architecture: Architecture.ARM_64,
    }));
    expect(machineOf(synthesized.file())).toBe('aarch64');
  });

  test.each([
    ['the option', { targetDirectory: 'somewhere' }, {}, 'somewhere'],
    ['a flag', { cargoLambdaFlags: ['--target-dir', 'by-flag'] }, {}, 'by-flag'],
    ['CARGO_BUILD_TARGET_DIR', { environment: { CARGO_BUILD_TARGET_DIR: 'by-variable' } }, {}, 'by-variable'],
    ['the configuration', {}, { '.cargo/config.toml': '[build]\ntarget-dir = "by-configuration"\n' }, 'by-configuration'],
    ['cargo\'s default', {}, {}, 'target'],
  ])('the target folder by %s', async (_name, bundling, files, expected) => {
    const shared = process.env.CARGO_TARGET_DIR;
    delete process.env.CARGO_TARGET_DIR;
    try {
      const folder = bench.path(`target folder ${expected}`);
      writeFiles(folder, { 'Cargo.toml': manifest('placed'), 'src/main.rs': server('"placed"'), ...files });
      expect(await answerOf({ manifestPath: folder, bundling })).toBe('placed');
      expect(readdirSync(folder)).toContain(expected);
      expect(readdirSync(folder).filter((name) => name !== 'src' && !name.startsWith('Cargo.') && name !== '.cargo')).toEqual([expected]);
    } finally {
      process.env.CARGO_TARGET_DIR = shared;
    }
  });

  test('hooks, and files next to the binary', async () => {
    const folder = bench.path('extras');
    writeFiles(folder, {
      'Cargo.toml': manifest('extras'),
      'src/main.rs': server('include_str!("generated.txt").trim()'),
      'config/one.json': '1',
      'config/deep/two.json': '2',
      'config/notes.tmp': 'no',
    });
    const synthesized = bench.synth((stack) => new RustFunction(stack, 'Function', {
      manifestPath: folder,
      bundling: {
        assets: { include: ['config/**'], exclude: ['**/*.tmp'] },
        commandHooks: {
          beforeBundling: (input) => [`echo made > "${input}/src/generated.txt"`],
          afterBundling: (_input, output) => [`cp "${output}/bootstrap" "${output}/copy"`, `test -f "${output}/config/one.json"`],
        },
      },
    }));
    expect((await invoke(synthesized.file())).answer).toBe('made');
    expect(readdirSync(dirname(synthesized.file()), { recursive: true }).sort()).toEqual(
      ['bootstrap', 'config', 'config/deep', 'config/deep/two.json', 'config/one.json', 'copy']);
  });
});

test('an extension is a layer with the binary under its name', () => {
  const root = bench.path('extension');
  writeFiles(root, { 'Cargo.toml': manifest('watcher'), 'src/main.rs': server('"watcher"') });
  const synthesized = bench.synth((stack) => new RustExtension(stack, 'Extension', { manifestPath: root, architecture: Architecture.ARM_64 }));
  expect(machineOf(synthesized.file('extensions/watcher'))).toBe('aarch64');
});

test('a workspace builds all of its binaries by one run of cargo', async () => {
  const root = bench.path('together');
  serversWorkspace(root, ['one', 'two', 'three']);
  const workspace = new RustWorkspace({ manifestPath: root, bundling: { profile: 'dev' } });
  let synthesized!: ReturnType<RustBench['synth']>;
  const calls = bench.callsDuring(() => {
    synthesized = bench.synth((stack) => ['one', 'two', 'three'].forEach((name) => new RustFunction(stack, name, { code: workspace.code(name) })));
  });
  expect(calls.filter((call) => call.startsWith('lambda build'))).toHaveLength(1);
  for (const [id, hash] of Object.entries(synthesized.hashes)) {
    expect((await invoke(synthesized.file('bootstrap', hash))).answer).toBe(`hello from ${id.slice(0, -8)}`);
  }
  expect(Object.keys(synthesized.hashes)).toHaveLength(3);
});
