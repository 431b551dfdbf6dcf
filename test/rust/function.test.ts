import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture, Code, Function, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FakeTools } from './fake-tools';
import { RustCode, RustCompiler, RustExtension, RustFunction, RustFunctionProps, RustWorkspace } from '../../src/rust';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
  tools.addToolchain();
});
afterEach(() => tools.restore());

function synth(define: (stack: Stack) => void, context: Record<string, unknown> = {}) {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack');
  define(stack);
  return Template.fromStack(stack);
}

/** The builds that were started. Cargo runs twice for a build if a source was written just before, as often happens in a test. */
function builds(): string[] {
  return [...new Set(tools.calls().filter((call) => call.startsWith('cargo lambda build')))];
}

const define = (props: RustFunctionProps) => (stack: Stack) => new RustFunction(stack, 'Function', props);

test('a function with the runtime, the handler and the architecture of a Rust binary', () => {
  const template = synth(define({ manifestPath: tools.crate('hello'), architecture: Architecture.ARM_64, memorySize: 256 }));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'provided.al2023', Handler: 'bootstrap', Architectures: ['arm64'], MemorySize: 256,
  });
});

test('the arguments of cargo, each its own', () => {
  synth(define({
    manifestPath: tools.crate('hello', ['hello', 'world'], ['one', 'two']),
    binaryName: 'world',
    architecture: Architecture.ARM_64,
    bundling: {
      features: ['two', 'one'],
      noDefaultFeatures: true,
      profile: 'dev',
      locked: true,
      targetCpu: 'neoverse-v1',
      compiler: RustCompiler.CARGO,
      cargoLambdaFlags: ['--config', 'profile.dev.lto=true', '-j', '2', '-Zunstable'],
    },
  }));
  const lambdaDir = /--lambda-dir (\S+)/.exec(builds()[0])![1];
  expect(builds()).toEqual([[
    'cargo lambda build --package hello --bin world --profile dev --target aarch64-unknown-linux-gnu', `--lambda-dir ${lambdaDir}`,
    '--compiler cargo --features one\\,two --no-default-features --locked',
    '--config target.aarch64-unknown-linux-gnu.rustflags=\\[\\"-C\\"\\,\\"target-cpu=neoverse-v1\\"\\]',
    '--config profile.dev.lto=true --jobs 2 -Z unstable --skip-target-check --message-format json-render-diagnostics',
  ].join(' ')]);
  expect(lambdaDir.startsWith(tools.path('cache'))).toBe(true);
});

test('a second app starts nothing, whatever happened to the times of the sources', () => {
  const root = tools.crate('hello');
  const before = synth(define({ manifestPath: root })).toJSON();
  tools.clear();
  utimesSync(join(root, 'src/main.rs'), new Date(), new Date());
  expect(synth(define({ manifestPath: root })).toJSON()).toEqual(before);
  expect(tools.calls()).toEqual([]);
});

test('a change is built, and going back to the old source is not', () => {
  const root = tools.crate('hello');
  const source = join(root, 'src/main.rs');
  const before = synth(define({ manifestPath: root })).toJSON();
  const text = readFileSync(source, 'utf-8');
  writeFileSync(source, 'fn main() { /* changed */ }');
  expect(synth(define({ manifestPath: root })).toJSON()).not.toEqual(before);
  expect(builds()).toHaveLength(2);
  writeFileSync(source, text);
  expect(synth(define({ manifestPath: root })).toJSON()).toEqual(before);
  expect(builds()).toHaveLength(2);
});

test('a compiler that was replaced is asked again, and builds', () => {
  const root = tools.crate('hello');
  const before = synth(define({ manifestPath: root })).toJSON();
  tools.add('rustc', `if [ "$1" = -vV ]; then printf 'release: 1.96.0\\n'; else echo "${tools.path('sysroot')}"; fi`);
  expect(synth(define({ manifestPath: root })).toJSON()).not.toEqual(before);
  expect(builds()).toHaveLength(2);
});

test('the cache may be removed at any time', () => {
  const root = tools.crate('hello');
  const before = synth(define({ manifestPath: root })).toJSON();
  rmSync(tools.path('cache/bundles'), { recursive: true });
  expect(synth(define({ manifestPath: root })).toJSON()).toEqual(before);
  rmSync(tools.path('cache'), { recursive: true });
  expect(synth(define({ manifestPath: root })).toJSON()).toEqual(before);
});

test('stacks, stages and functions of one app share a build', () => {
  const manifestPath = tools.crate('hello');
  const app = new App();
  ['One', 'Two'].forEach((name) => {
    new RustFunction(new Stack(app, name), 'Function', { manifestPath });
    new RustFunction(new Stack(new Stage(app, `Stage${name}`), 'Stack'), 'Function', { manifestPath });
  });
  app.synth();
  expect(builds()).toHaveLength(1);
  expect(tools.calls().filter((call) => call.startsWith('cargo metadata'))).toHaveLength(1);
});

test('nothing is looked at or started for a stack that needs no bundling', () => {
  const context = { 'aws:cdk:bundling-stacks': [] };
  const template = synth(define({ manifestPath: '/nowhere', gitRemote: 'https://example.com/none' }), context);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  expect(tools.calls()).toEqual([]);
});

test('assetHash builds once for each value', () => {
  const root = tools.crate('hello');
  const before = synth(define({ manifestPath: root, bundling: { assetHash: 'one' } })).toJSON();
  writeFileSync(join(root, 'src/main.rs'), 'fn main() { /* changed */ }');
  expect(synth(define({ manifestPath: root, bundling: { assetHash: 'one' } })).toJSON()).toEqual(before);
  expect(builds()).toHaveLength(1);
  expect(synth(define({ manifestPath: root, bundling: { assetHash: 'two' } })).toJSON()).not.toEqual(before);
  expect(builds()).toHaveLength(2);
});

test('an extension is a layer for its architecture', () => {
  const manifestPath = tools.crate('watcher');
  const template = synth((stack) => new RustExtension(stack, 'Extension', { manifestPath, architecture: Architecture.ARM_64 }));
  template.hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['arm64'] });
});

test('an asset has the binary of a function as bootstrap, and that of an extension under its own name', () => {
  const props = { manifestPath: tools.crate('watcher') };
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new LayerVersion(stack, 'Function', { code: RustCode.fromCrate(props) });
  new LayerVersion(stack, 'Extension', { code: RustCode.fromExtensionCrate(props) });
  const { directory } = app.synth();
  const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'));
  expect(assets.flatMap((name) => readdirSync(join(directory, name), { recursive: true, encoding: 'utf-8' })).sort())
    .toEqual(['bootstrap', 'extensions', 'extensions/watcher']);
});

test('binaries of a workspace are built together, once for each architecture', () => {
  const manifestPath = tools.crate('both', ['one', 'two']);
  const workspace = new RustWorkspace({ manifestPath });
  synth((stack) => {
    new RustFunction(stack, 'One', { code: workspace.code('one') });
    new RustFunction(stack, 'Two', { code: workspace.code('two') });
    new RustFunction(stack, 'Three', { code: workspace.code('two'), architecture: Architecture.ARM_64 });
  });
  expect(builds().map((call) => /--package both --bin one --bin two .*--target (\w+)/.exec(call)?.[1])).toEqual(['x86_64', 'aarch64']);
});

describe('errors', () => {
  test.each<[string, (root: string) => RustFunctionProps, string]>([
    ['several binaries', () => ({}),
      '<folder>/both/Cargo.toml has several binaries: "one", "two"; set binaryName (in deploy.toml: [build] binary) to the one you mean'],
    ['a binary that does not exist', () => ({ binaryName: 'three' }),
      'no binary "three" in <folder>/both/Cargo.toml: it has "one", "two"; set binaryName (in deploy.toml: [build] binary) to one of them'],
    ['a package that does not exist', () => ({ bundling: { packageName: 'none' } }),
      'no package "none" in the workspace of <folder>/both/Cargo.toml: it has "both"; '
        + 'set bundling.packageName (in deploy.toml: [build] package) to one of them'],
    ['no Cargo.toml', (root) => ({ manifestPath: join(root, 'src') }),
      'no Cargo.toml at <folder>/both/src/Cargo.toml: '
        + 'set manifestPath to the Cargo.toml of your crate or workspace, or to its folder (received "<folder>/both/src")'],
    ['another file than Cargo.toml', (root) => ({ manifestPath: join(root, 'src/main.rs') }),
      'manifestPath "<folder>/both/src/main.rs" is not a Cargo.toml: give the Cargo.toml of your crate or workspace, or its folder'],
    ['an unknown feature', () => ({ binaryName: 'one', bundling: { features: ['none'] } }),
      'bundling.features: the package "both" has no feature "none": it has "big"'],
    ['an unknown profile', () => ({ binaryName: 'one', bundling: { profile: 'fast' } }),
      'bundling.profile: the workspace has no profile "fast": it has "bench", "dev", "release", "test"; '
        + 'add [profile.fast] to <folder>/both/Cargo.toml'],
    ['code and crate', (root) => ({ code: Code.fromAsset(root) }),
      'Function: "code" is given, so that nothing is built, but so is "manifestPath": give one or the other'],
    ['two architectures', () => ({ architecture: Architecture.ARM_64, bundling: { architecture: Architecture.X86_64 } }),
      'Function: bundling.architecture is x86_64, but the function\'s architecture is arm64: give only the function\'s "architecture"'],
    ['another runtime', () => ({ runtime: 'nodejs22.x' }),
      'Function: runtime "nodejs22.x" does not run Rust binaries: use provided.al2023 or provided.al2'],
    ['a git reference alone', () => ({ gitReference: 'v1' }),
      'gitReference "v1" is given without gitRemote: say which repository it is in'],
  ])('%s', (_name, props, message) => {
    const root = tools.crate('both', ['one', 'two'], ['big']);
    expect(() => synth(define({ manifestPath: root, ...props(root) }))).toThrow(message.split('<folder>').join(tools.folder));
    expect(builds()).toEqual([]);
  });

  test('code of a workspace in a function of another architecture', () => {
    const manifestPath = tools.crate('hello');
    const workspace = new RustWorkspace({ manifestPath, bundling: { architecture: Architecture.ARM_64 } });
    const props = { code: workspace.code('hello'), architecture: Architecture.X86_64 };
    expect(() => synth((stack) => new RustFunction(stack, 'Function', props)))
      .toThrow('Function: the function\'s architecture is x86_64, but its code is built for arm64: set one of them, or both to the same');
    expect(() => synth((stack) => new Function(stack, 'Plain', {
      code: RustCode.fromCrate({ manifestPath }), architecture: Architecture.ARM_64, runtime: Runtime.PROVIDED_AL2023, handler: 'bootstrap',
    }))).toThrow('Stack/Plain/Resource: the function\'s architecture is arm64, but its code is built for x86_64');
    synth((stack) => new RustFunction(stack, 'Function', { code: workspace.code('hello') }))
      .hasResourceProperties('AWS::Lambda::Function', { Architectures: ['arm64'] });
  });

  test('a build that fails names the binary after cargo\'s own message', () => {
    const manifestPath = tools.crate('hello');
    tools.add('cargo', 'case "$1 $2" in "metadata "*) cat metadata.json;; '
      + '"lambda --version") echo "cargo-lambda 1.9.2";; *) exit 101;; esac');
    const message = `could not build "hello" of ${manifestPath}/Cargo.toml: cargo exited with status 101; its own message is above`;
    expect(() => synth(define({ manifestPath }))).toThrow(expect.objectContaining({ message, stack: message }));
  });

  test('a Cargo.toml that does not parse: cargo\'s own words', () => {
    const manifestPath = tools.crate('hello');
    tools.add('cargo', 'case "$1 $2" in "lambda --version") echo "cargo-lambda 1.9.2";; '
      + '*) echo "error: invalid table header" >&2; exit 101;; esac');
    expect(() => synth(define({ manifestPath }))).toThrow(`cargo cannot read ${manifestPath}/Cargo.toml:\nerror: invalid table header`);
  });
});

test('the template names the asset for local tools', () => {
  const template = synth(define({ manifestPath: tools.crate('hello') }), { 'aws:cdk:enable-asset-metadata': true });
  template.hasResource('AWS::Lambda::Function', {
    Metadata: { 'aws:asset:path': Match.stringLikeRegexp('asset\\.[0-9a-f]{64}$'), 'aws:asset:property': 'Code' },
  });
});
