import { join } from 'node:path';
import { Files } from './file-stats';
import { Inputs } from './inputs';
import { list } from './listing';
import { hashText, isExecutable } from '../../util/files';
import { Versions } from '../cargo/toolchain';
import { BuildOptions, compilerOf } from '../options/options';

/** Changes whenever the meaning of what is hashed does. */
const SCHEME = 'pmcp-deploy rust 1';

/** Variables of the build that cargo, rustc and cargo-lambda read, which are the same on every machine or make another binary. */
const MATTERS = /^(RUSTFLAGS|RUSTC|RUSTC_BOOTSTRAP|CARGO_ENCODED_RUSTFLAGS|CARGO_INCREMENTAL|CARGO_(BUILD|PROFILE|TARGET|UNSTABLE|HOST|RESOLVER|LAMBDA)_.*)$/;
const OF_ONE_MACHINE = /^CARGO_(TARGET_DIR|BUILD_(TARGET_DIR|BUILD_DIR|JOBS|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|DEP_INFO_BASEDIR))$/;

/** Flags that change what cargo says, not what it makes. */
const ONLY_OUTPUT = /^(--quiet|-v+|--verbose|--timings|--keep-going|--future-incompat-report|--offline|--frozen|--skip-target-check)$/;
const ONLY_OUTPUT_WITH_VALUE = /^(--color|--jobs)$/;

/** What is to be built, in terms that are the same on every machine. */
export function describe(options: BuildOptions, env: NodeJS.ProcessEnv): object {
  return {
    kind: options.kind,
    target: options.target,
    profile: options.profile,
    features: options.features,
    allFeatures: options.allFeatures,
    noDefaultFeatures: options.noDefaultFeatures,
    targetCpu: options.targetCpu,
    compiler: compilerOf(options, env),
    flags: flagsThatMatter(options.flags),
    // Values may be secret: only their hashes go anywhere.
    environment: sorted(Object.entries(options.environment).map(([name, value]) => [name, hashText(value)])),
    surroundings: sorted(Object.entries(env).filter(([name]) => MATTERS.test(name) && !OF_ONE_MACHINE.test(name)
      && options.environment[name] === undefined).map(([name, value]) => [name, hashText(value ?? '')])),
    hooks: hookText(options),
    image: options.dockerImage?.identity,
    command: options.docker.command,
    entrypoint: options.docker.entrypoint,
  };
}

function flagsThatMatter(flags: string[]): string[] {
  return flags.filter((flag, index) => !ONLY_OUTPUT.test(flag) && !ONLY_OUTPUT_WITH_VALUE.test(flag) && !ONLY_OUTPUT_WITH_VALUE.test(flags[index - 1] ?? ''));
}

/** The folders that hooks get are of one machine: what they would say for others tells the same. */
function hookText(options: BuildOptions): string[][] | undefined {
  return options.hooks && [options.hooks.beforeBundling('/asset-input', '/asset-output'), options.hooks.afterBundling('/asset-input', '/asset-output')];
}

function sorted(entries: [string, string][]): [string, string][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The content of everything that a binary depends on. */
export function fingerprint(what: object, versions: Versions, inputs: Inputs, files: Files, env: NodeJS.ProcessEnv): string {
  const content = new Map<string, string>(inputs.texts);
  for (const [name, path] of inputs.files) {
    if (files.stat(path)) {
      content.set(name, files.hash(path));
    }
  }
  for (const [name, listing] of inputs.listings) {
    for (const path of list(listing)) {
      const file = join(listing.path, path);
      if (files.stat(file)) {
        // Of the files that are shipped, it also matters whether they can be run.
        content.set(`${name}/${path}`, files.hash(file) + (listing.kind === 'globs' && isExecutable(file) ? ' x' : ''));
      }
    }
  }
  const set = [...inputs.env].filter((name) => env[name] !== undefined).map((name): [string, string] => [name, hashText(env[name]!)]);
  return hashText(JSON.stringify([SCHEME, what, versions, sorted([...content]), sorted(set)]));
}

