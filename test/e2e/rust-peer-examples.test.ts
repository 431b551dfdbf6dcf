import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { manifest, server, writeFiles } from '../support/crates';
import { invoke } from './support/runtime-api';
import { machineOf, RustBench } from './support/rust';
import { RustExtension, RustFunction } from '../../src/rust';
import { UserError } from '../../src/util/user-error';

/*
 * The examples of cargo-lambda-cdk's README, with nothing changed but the import, the path and the repository. Where an example needs a
 * Docker daemon or a target that this machine may not have, the test says so.
 */

const bench = new RustBench();
const manifestPath = bench.path('path/to/package/directory');
beforeAll(async () => {
  await bench.start();
  writeFiles(manifestPath, {
    'Cargo.toml': manifest('example'),
    'src/main.rs': server('option_env!("HELLO").unwrap_or("nobody")'),
    'tests/name.rs': '#[test]\nfn has_its_name() {\n    assert_eq!(env!("CARGO_PKG_NAME"), "example");\n}\n',
  });
});
afterAll(() => bench.stop());

const hasDocker = spawnSync('docker', ['version']).status === 0;
const sysroot = execFileSync('rustc', ['--print', 'sysroot'], { encoding: 'utf-8' }).trim();
const hasMusl = existsSync(join(sysroot, 'lib/rustlib/x86_64-unknown-linux-musl'));

test('Rust Function', async () => {
  const synthesized = bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
    });
  });
  expect((await invoke(synthesized.file())).answer).toBe('nobody');
});

test('Runtime', () => {
  bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      runtime: 'provided.al2',
    });
  });
});

test('Rust Extension', () => {
  const synthesized = bench.synth((stack) => {
    const extensionLayer = new RustExtension(stack, 'Rust extension', {
      manifestPath,
      architecture: Architecture.ARM_64,
    });
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      // The example leaves it out, and so puts an extension for ARM into a function for x86: the CDK refuses that by now.
      architecture: Architecture.ARM_64,
      layers: [
        extensionLayer,
      ],
    });
  });
  const [layer, code] = ['extensions/example', 'bootstrap'].map((file) => Object.values(synthesized.hashes)
    .map((hash) => synthesized.file(file, hash)).find((path) => existsSync(path))!);
  expect([layer, code].map(machineOf)).toEqual(['aarch64', 'aarch64']);
});

test('Remote Git sources', async () => {
  const repository = bench.path('your_user/your_repo');
  writeFiles(repository, { 'Cargo.toml': manifest('remote'), 'src/main.rs': server('"from git"') });
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args]);
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'branch', repository]);
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  const synthesized = bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      gitRemote: repository,
      gitReference: 'branch',
      gitForceClone: true,
    });
  });
  expect((await invoke(synthesized.file())).answer).toBe('from git');
  expect(() => bench.synth((stack) => new RustFunction(stack, 'Rust function', { gitRemote: repository, gitReference: 'no-such-branch' }))).toThrow(
    `gitReference "no-such-branch" does not exist in ${repository}: give a branch, a tag or a full commit hash of it`);
});

test('Environment', async () => {
  const synthesized = bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      bundling: {
        environment: {
          HELLO: 'WORLD',
        },
      },
    });
  });
  expect((await invoke(synthesized.file())).answer).toBe('WORLD');
});

test('Cargo Build profiles', async () => {
  const synthesized = bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      bundling: {
        profile: 'dev',
      },
    });
  });
  expect((await invoke(synthesized.file())).answer).toBe('nobody');
});

test('Cargo Lambda Build flags', async () => {
  const define = (stack: cdk.Stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      bundling: {
        cargoLambdaFlags: [
          '--target',
          'x86_64-unknown-linux-musl',
          '--debug',
          '--disable-optimizations',
        ],
      },
    });
  };
  if (hasMusl) {
    expect((await invoke(bench.synth(define).file())).answer).toBe('nobody');
  } else {
    expect(() => bench.synth(define)).toThrow('install it: rustup target add x86_64-unknown-linux-musl');
  }
});

test.each<[string, () => object]>([
  ['a Dockerfile', () => {
    const folder = bench.path('docker');
    writeFiles(folder, { Dockerfile: 'FROM ghcr.io/cargo-lambda/cargo-lambda:1.9.2\n' });
    return { dockerImage: cdk.DockerImage.fromBuild(folder) };
  }],
  ['copies in volumes', () => ({ dockerOptions: { bundlingFileAccess: cdk.BundlingFileAccess.VOLUME_COPY } })],
  ['an image of a registry', () => ({ dockerImage: cdk.DockerImage.fromRegistry('ghcr.io/cargo-lambda/cargo-lambda') })],
  ['cargo\'s cache', () => {
    const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');
    return {
      dockerOptions: {
        volumes: [{
          hostPath: join(cargoHome, 'registry'),
          containerPath: '/usr/local/cargo/registry-of-the-host',
        },
        {
          hostPath: join(cargoHome, 'git'),
          containerPath: '/usr/local/cargo/git-of-the-host',
        }],
      },
    };
  }],
])('Docker: %s', async (_name, options) => {
  const define = (stack: cdk.Stack) => {
    new RustFunction(stack, 'Rust function', { manifestPath, bundling: { forcedDockerBundling: true, ...options() } });
  };
  if (hasDocker) {
    expect((await invoke(bench.synth(define).file())).answer).toBe('nobody');
  } else {
    expect(() => bench.synth(define)).toThrow(/docker/i);
  }
});

test('Command hooks', () => {
  const marker = bench.path('tested');
  bench.synth((stack) => {
    new RustFunction(stack, 'Rust function', {
      manifestPath,
      bundling: {
        commandHooks: {
          // run tests
          beforeBundling(inputDir: string, _outputDir: string): string[] {
            return [`cd "${inputDir}" && cargo test`, `touch "${marker}"`];
          },
          afterBundling(): string[] {
            return [];
          },
        },
      },
    });
  });
  expect(existsSync(marker)).toBe(true);
});

describe('what cargo refuses is refused, and nothing is left behind', () => {
  test.each<[string, { [file: string]: string }, object, string]>([
    ['an empty workspace', { 'Cargo.toml': '[workspace]\nmembers = []\n' }, {}, 'has no packages: add one to "members" in its [workspace]'],
    ['a package with a library alone', { 'Cargo.toml': manifest('library'), 'src/lib.rs': '' }, {}, 'has no binary (packages: "library")'],
    ['a binary in two packages', {
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      'a/Cargo.toml': manifest('a', '[[bin]]\nname = "same"\npath = "src/main.rs"\n'),
      'a/src/main.rs': 'fn main() {}',
      'b/Cargo.toml': manifest('b', '[[bin]]\nname = "same"\npath = "src/main.rs"\n'),
      'b/src/main.rs': 'fn main() {}',
    }, { binaryName: 'same' }, 'have a binary "same": "a", "b"; set bundling.packageName (in deploy.toml: [build] package) to the one you mean'],
    ['a Cargo.lock that is missing', { 'Cargo.toml': manifest('unlocked'), 'src/main.rs': 'fn main() {}' }, { bundling: { locked: true } }, 'could not build "unlocked"'],
    ['a Cargo.toml that does not parse', { 'Cargo.toml': '[package\n' }, {}, 'cargo cannot read'],
    ['a compile error', { 'Cargo.toml': manifest('broken'), 'src/main.rs': 'fn main() { not rust }' }, {}, 'could not build "broken"'],
  ])('%s', (name, files, props, message) => {
    const root = bench.path(`refused ${name}`);
    writeFiles(root, files);
    const outdir = bench.path(`refused out ${name}`);
    let caught: unknown;
    try {
      bench.synth((stack) => new RustFunction(stack, 'Function', { manifestPath: root, ...props }), outdir);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(UserError);
    expect((caught as Error).message).toContain(message);
    expect((caught as Error).stack).toBe((caught as Error).message);
    expect(existsSync(join(outdir, 'Stack.template.json'))).toBe(false);
  });
});
