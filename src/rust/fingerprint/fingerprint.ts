import { join } from 'node:path';
import { FileStats } from './file-stats';
import { Inputs } from './inputs';
import { listedFiles } from './listing';
import { hashText, isExecutable } from '../../util/files';
import { Versions } from '../cargo/toolchain';
import { BuildOptions, compilerOf } from '../options/options';

/** Change this text whenever the meaning of a hashed value changes. */
const SCHEME = 'pmcp-deploy rust 1';

/** Variables that cargo, rustc and cargo-lambda read, and that can change a binary. */
const RELEVANT_VARIABLES = new RegExp(`^(${[
  'RUSTFLAGS', 'RUSTC', 'RUSTC_BOOTSTRAP', 'CARGO_ENCODED_RUSTFLAGS', 'CARGO_INCREMENTAL',
  'CARGO_(BUILD|PROFILE|TARGET|UNSTABLE|HOST|RESOLVER|LAMBDA)_.*',
].join('|')})$`);

/** Those that match the above, but are about one machine only. */
const MACHINE_VARIABLES
  = /^CARGO_(TARGET_DIR|BUILD_(TARGET_DIR|BUILD_DIR|JOBS|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|DEP_INFO_BASEDIR))$/;

/** Flags that change the output of cargo, but not the binary. */
const OUTPUT_FLAGS = /^(--quiet|-v+|--verbose|--timings|--keep-going|--future-incompat-report|--offline|--frozen|--skip-target-check)$/;
const OUTPUT_FLAGS_WITH_VALUE = /^(--color|--jobs)$/;

type NameAndHash = [name: string, hash: string];

/** How a binary is built, in terms that are the same on every machine. The order of the keys is part of the fingerprint. */
export interface BuildSpec {
  readonly kind: 'function' | 'extension';
  readonly target: string;
  readonly profile: string;
  readonly features: string[];
  readonly allFeatures: boolean;
  readonly noDefaultFeatures: boolean;
  readonly targetCpu?: string;
  readonly compiler: string;
  readonly flags: string[];
  /** Variables that the user gives to the build. */
  readonly environment: NameAndHash[];
  /** Relevant variables of this process. */
  readonly surroundings: NameAndHash[];
  readonly hooks?: string[][];
  readonly image?: string;
  readonly command?: string[];
  readonly entrypoint?: string[];
  readonly package: string;
  readonly binary: string;
  /** The binaries that one run of cargo builds, if there are several: they share the features of their dependencies. */
  readonly together?: string[];
}

/** The part of a BuildSpec that all binaries of a build share. */
export type OptionsSpec = Omit<BuildSpec, 'package' | 'binary' | 'together'>;

export function specOfOptions(options: BuildOptions, env: NodeJS.ProcessEnv): OptionsSpec {
  const isRelevant = (name: string) => (
    RELEVANT_VARIABLES.test(name) && !MACHINE_VARIABLES.test(name) && options.environment[name] === undefined
  );
  return {
    kind: options.kind,
    target: options.target,
    profile: options.profile,
    features: options.features,
    allFeatures: options.allFeatures,
    noDefaultFeatures: options.noDefaultFeatures,
    targetCpu: options.targetCpu,
    compiler: compilerOf(options, env),
    flags: relevantFlags(options.flags),
    // Values can be secrets, so only their hashes are used.
    environment: sorted(Object.entries(options.environment).map(([name, value]) => [name, hashText(value)])),
    surroundings: sorted(Object.entries(env).filter(([name]) => isRelevant(name)).map(([name, value]) => [name, hashText(value ?? '')])),
    hooks: hookCommands(options),
    image: options.dockerImage?.identity,
    command: options.docker.command,
    entrypoint: options.docker.entrypoint,
  };
}

function relevantFlags(flags: string[]): string[] {
  return flags.filter((flag, index) => (
    !OUTPUT_FLAGS.test(flag) && !OUTPUT_FLAGS_WITH_VALUE.test(flag) && !OUTPUT_FLAGS_WITH_VALUE.test(flags[index - 1] ?? '')
  ));
}

/** Hooks get fixed folders here, so that the hash does not depend on the machine. */
function hookCommands(options: BuildOptions): string[][] | undefined {
  return options.hooks && [
    options.hooks.beforeBundling('/asset-input', '/asset-output'), options.hooks.afterBundling('/asset-input', '/asset-output'),
  ];
}

function sorted(entries: NameAndHash[]): NameAndHash[] {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Hash everything that a binary depends on. */
export function fingerprint(spec: BuildSpec, versions: Versions, inputs: Inputs, files: FileStats, env: NodeJS.ProcessEnv): string {
  const content = new Map<string, string>(inputs.texts);
  for (const [name, path] of inputs.files) {
    if (files.stat(path)) {
      content.set(name, files.hash(path));
    }
  }
  for (const [name, listing] of inputs.listings) {
    for (const path of listedFiles(listing)) {
      const file = join(listing.path, path);
      if (files.stat(file)) {
        // The files that globs choose keep their permission to execute in the asset.
        content.set(`${name}/${path}`, files.hash(file) + (listing.kind === 'globs' && isExecutable(file) ? ' x' : ''));
      }
    }
  }
  const variables = [...inputs.env].filter((name) => env[name] !== undefined).map((name): NameAndHash => [name, hashText(env[name]!)]);
  return hashText(JSON.stringify([SCHEME, spec, versions, sorted([...content]), sorted(variables)]));
}
