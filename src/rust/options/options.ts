import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { parseFlags } from './flags';
import { checkOut } from './git-checkout';
import { GNU_TARGETS, isLambdaArchitecture, TARGET_PREFIXES } from './targets';
import { UserError } from '../../util/user-error';
import { RustCrateProps } from '../crate-props';
import { DockerOptions } from '../docker-options';
import { ICommandHooks, RustAssets, RustCompiler } from '../types';
import { checkTexts, checkText, checkEnvironment, checkArguments, checkName, checkArgument } from './validate';

/** The properties of a crate, and the kind of asset that it becomes. */
export interface CrateOptions extends RustCrateProps {
  readonly kind: 'function' | 'extension';
}

/** Validated build options, with defaults. */
export interface BuildSettings {
  readonly kind: 'function' | 'extension';
  readonly packageName?: string;
  readonly binaryName?: string;
  /** Target triple. It may end in a version of the C library. */
  readonly target: string;
  readonly profile: string;
  readonly features: string[];
  readonly allFeatures: boolean;
  readonly noDefaultFeatures: boolean;
  readonly locked: boolean;
  readonly targetCpu?: string;
  readonly compiler?: string;
  readonly flags: string[];
  readonly environment: { readonly [key: string]: string };
  /** The target directory that the user chose, relative to the folder of Cargo.toml. */
  readonly targetDirectory?: string;
  readonly hooks?: ICommandHooks;
  readonly hookInputs: string[];
  readonly assets?: RustAssets;
  readonly forceDocker: boolean;
  readonly dockerImage?: { readonly image: string; readonly identity: string };
  readonly docker: DockerOptions;
  readonly assetHashType?: AssetHashType;
  readonly assetHash?: string;
}

/** Validated build options of a crate that was found. */
export interface BuildOptions extends BuildSettings {
  /** Absolute path of Cargo.toml, without symbolic links. */
  readonly manifestPath: string;
}

const NAME_WITH_SLASH = /^[\p{L}\p{N}_][\p{L}\p{N}_.+/?:-]*$/u;

/** Validate the options of a crate. Reads no file, and starts no process. */
export function checkOptions(crate: CrateOptions): BuildSettings {
  const bundling = crate.bundling ?? {};
  const flags = parseFlags('bundling.cargoLambdaFlags', checkArguments('bundling.cargoLambdaFlags', bundling.cargoLambdaFlags));
  const optional = <T extends string>(option: string, value: T | undefined, check: (option: string, value: string) => string = checkName) =>
    value === undefined ? undefined : check(option, value);

  const architecture = bundling.architecture?.name ?? 'x86_64';
  const target = targetOf(architecture, flags.target);
  const features = [...checkArguments('bundling.features', bundling.features), ...flags.features]
    .map((feature) => checkName('bundling.features', feature, NAME_WITH_SLASH));
  const image = bundling.dockerImage;

  return {
    kind: crate.kind,
    packageName: optional('bundling.packageName', bundling.packageName),
    binaryName: optional('binaryName', crate.binaryName),
    target,
    profile: checkName('bundling.profile', flags.profile ?? bundling.profile ?? 'release'),
    features: [...new Set(features)].sort(),
    allFeatures: flags.allFeatures ?? bundling.allFeatures ?? false,
    noDefaultFeatures: flags.noDefaultFeatures ?? bundling.noDefaultFeatures ?? false,
    locked: flags.locked ?? bundling.locked ?? false,
    targetCpu: optional('bundling.targetCpu', bundling.targetCpu),
    compiler: optional<string>('bundling.compiler', flags.compiler ?? bundling.compiler),
    flags: flags.rest,
    environment: checkEnvironment('bundling.environment', bundling.environment),
    targetDirectory: flags.targetDirectory ?? optional('bundling.targetDirectory', bundling.targetDirectory, checkText),
    hooks: bundling.commandHooks,
    hookInputs: checkTexts('bundling.hookInputs', bundling.hookInputs),
    assets: bundling.assets && checkAssets(bundling.assets),
    forceDocker: bundling.forceDockerBundling ?? bundling.forcedDockerBundling ?? false,
    dockerImage: image && { image: image.image, identity: image.toJSON() },
    docker: bundling.dockerOptions ?? {},
    assetHashType: bundling.assetHashType,
    assetHash: checkHash(bundling.assetHash, bundling.assetHashType),
  };
}

/** Return the compiler: that of the options, of cargo-lambda's variable, or Zig. */
export function compilerOf(options: BuildSettings, env: NodeJS.ProcessEnv): string {
  return (options.compiler ?? env.CARGO_LAMBDA_COMPILER ?? RustCompiler.ZIG).toLowerCase();
}

function targetOf(architecture: string, flag: string | undefined): string {
  if (!isLambdaArchitecture(architecture)) {
    throw new UserError(`architecture "${architecture}" is not one that Lambda runs: use Architecture.ARM_64 or Architecture.X86_64`);
  }
  const prefix = TARGET_PREFIXES[architecture];
  const target = flag ?? GNU_TARGETS[architecture];
  if (!target.startsWith(prefix)) {
    throw new UserError(`bundling.cargoLambdaFlags: target "${target}" is not for the architecture ${architecture}: `
      + `set "architecture" to match, or use a target that starts with ${prefix}`);
  }
  return checkName('bundling.cargoLambdaFlags: --target', target);
}

/** Find the Cargo.toml of a crate. If the crate has a git repository, it is cloned first. */
export function findManifest(crate: CrateOptions): string {
  const given = crate.manifestPath === undefined ? undefined : checkText('manifestPath', crate.manifestPath);
  const base = crate.gitRemote === undefined ? process.cwd() : checkOut({
    remote: crate.gitRemote, reference: crate.gitReference, force: crate.gitForceClone ?? false,
  });
  if (crate.gitRemote === undefined && crate.gitReference !== undefined) {
    throw new UserError(`gitReference "${crate.gitReference}" is given without gitRemote: say which repository it is in`);
  }
  const path = resolve(base, given ?? '.');
  const file = isDirectory(path) ? join(path, 'Cargo.toml') : path;
  if (!existsSync(file) || isDirectory(file)) {
    const received = given === undefined ? 'nothing, which means the current folder' : JSON.stringify(given);
    throw new UserError(`no Cargo.toml at ${file}: set manifestPath to the Cargo.toml of your crate or workspace, or to its folder `
      + `(received ${received})`);
  }
  if (basename(file) !== 'Cargo.toml') {
    throw new UserError(`manifestPath ${JSON.stringify(given)} is not a Cargo.toml: `
      + 'give the Cargo.toml of your crate or workspace, or its folder');
  }
  return realpathSync(file);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function checkAssets(assets: RustAssets): RustAssets {
  if (assets.include.length === 0) {
    throw new UserError('bundling.assets.include: expected at least one glob, got an empty list');
  }
  return {
    include: checkTexts('bundling.assets.include', assets.include),
    exclude: checkTexts('bundling.assets.exclude', assets.exclude),
    baseDir: assets.baseDir === undefined ? undefined : checkText('bundling.assets.baseDir', assets.baseDir),
  };
}

function checkHash(hash: string | undefined, type: AssetHashType | undefined): string | undefined {
  if (hash !== undefined && type !== undefined && type !== AssetHashType.CUSTOM) {
    throw new UserError(`bundling.assetHashType is ${type}, but bundling.assetHash is given: `
      + 'leave assetHashType out, or use AssetHashType.CUSTOM');
  }
  if (hash === undefined && type === AssetHashType.CUSTOM) {
    throw new UserError('bundling.assetHashType is CUSTOM, but bundling.assetHash is missing: give a hash, or leave assetHashType out');
  }
  return hash === undefined ? undefined : checkArgument('bundling.assetHash', hash);
}
