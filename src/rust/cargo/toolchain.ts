import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { ancestors, hashText, writeAtomic } from '../../util/files';
import { run } from '../../util/process/exec';
import { which } from '../../util/process/which';
import { UserError } from '../../util/user-error';

/** Versions of the tools. They are part of the fingerprint, so they do not depend on the machine. */
export interface Versions {
  readonly rustc: string;
  readonly cargoLambda: string;
  /** Set if Zig is the linker. */
  readonly zig?: string;
}

/** The tools of this machine. */
export interface Toolchain {
  readonly versions: Versions;
  readonly sysroot: string;
  /** The Zig program, which can be inside of the Python package `ziglang`. */
  readonly zigProgram?: string;
}

/** A tool is not installed. The message says how to install it. */
export class MissingTool extends UserError {}

const INSTALL = {
  cargo: 'install Rust: curl --proto \'=https\' --tlsv1.2 -sSf https://sh.rustup.rs | sh',
  cargoLambda: `install it: pip3 install cargo-lambda==${CARGO_LAMBDA_VERSION}`,
  zig: 'install it: pip3 install ziglang, or set bundling.compiler to RustCompiler.CARGO',
  cross: 'install it: cargo install cross',
};

/** A program with the arguments that come before its own. */
type Command = readonly [program: string, args: string[]];

/**
 * Find the tools for a build in a folder. Their versions are cached: processes start only if a tool has changed, or a file or variable that
 * chooses its version.
 *
 * @throws MissingTool if a tool is not installed
 */
export function findToolchain(cwd: string, env: NodeJS.ProcessEnv, compiler: string): Toolchain {
  const cargo = which('cargo', env) ?? missing('cargo', INSTALL.cargo);
  const cargoLambda = which('cargo-lambda', env) ?? which('cargo-lambda', { ...env, PATH: join(dirname(cargo)) })
    ?? missing('cargo-lambda', INSTALL.cargoLambda);
  const rustc = which(env.RUSTC ?? 'rustc', env) ?? missing('rustc', INSTALL.cargo);
  if (compiler === 'cross' && !which('cross', env)) {
    missing('cross', INSTALL.cross);
  }
  const zig = compiler === 'cargo' || compiler === 'cross' ? [] : zigCommands(env);

  const choice = toolchainChoice(cwd, env);
  const watched = [cargo, cargoLambda, rustc, ...zig.map(([program]) => program), ...choice.files];
  const key = hashText(JSON.stringify([watched, choice.text, zig]));
  const file = join(cacheFolder(), 'tools', `${key}.json`);
  const cached = readCached(file, watched);
  if (cached) {
    return cached;
  }
  const toolchain = queryToolchain(cwd, env, rustc, zig);
  const record: ToolchainRecord = { stamps: stampsOf([...watched, ...compilerFiles(toolchain)]), toolchain };
  writeAtomic(file, JSON.stringify(record));
  return toolchain;
}

/** @throws MissingTool if the standard library for a target is not installed */
export function checkTarget(toolchain: Toolchain, target: string, flags: string[]): void {
  const triple = target.split('.')[0];
  const buildsStd = flags.some((flag) => flag.includes('build-std'));
  if (!buildsStd && !existsSync(join(toolchain.sysroot, 'lib', 'rustlib', triple))) {
    missing(`the Rust target ${triple}`, `install it: rustup target add ${triple}`, toolchain.sysroot);
  }
}

function missing(tool: string, how: string, where: string = 'PATH'): never {
  throw new MissingTool(`${tool} was not found in ${where}; ${how}`);
}

/** A toolchain in the cache. */
interface ToolchainRecord {
  readonly stamps: { [path: string]: string };
  readonly toolchain: Toolchain;
}

/** Return the cached toolchain, unless one of its files has changed. */
function readCached(file: string, watched: string[]): Toolchain | undefined {
  try {
    const record: ToolchainRecord = JSON.parse(readFileSync(file, 'utf-8'));
    const paths = [...watched, ...compilerFiles(record.toolchain)];
    const now = stampsOf(paths);
    return paths.every((path) => record.stamps[path] === now[path]) ? record.toolchain : undefined;
  } catch {
    return undefined;
  }
}

/** The programs in PATH are proxies. `rustup update` replaces these files behind them. */
function compilerFiles(toolchain: Toolchain): string[] {
  const rustlib = join(toolchain.sysroot, 'lib', 'rustlib');
  return [
    ...toolchain.zigProgram ? [toolchain.zigProgram] : [],
    join(toolchain.sysroot, 'bin', 'rustc'),
    join(rustlib, 'components'),
    join(rustlib, 'multirust-channel-manifest.toml'),
  ];
}

function stampsOf(paths: string[]): { [path: string]: string } {
  return Object.fromEntries(paths.map((path) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return [path, stat ? `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : ''];
  }));
}

function queryToolchain(cwd: string, env: NodeJS.ProcessEnv, rustc: string, zig: Command[]): Toolchain {
  const version = run(rustc, ['-vV'], { cwd, env });
  const sysroot = run(rustc, ['--print', 'sysroot'], { cwd, env });
  if (!version.ok || !sysroot.ok) {
    throw new UserError(`rustc does not work in ${cwd}: ${(version.stderr || sysroot.stderr).trim()}`);
  }
  const lambda = run('cargo', ['lambda', '--version'], { cwd, env });
  if (!lambda.ok) {
    throw new MissingTool(`cargo-lambda does not work: ${lambda.stderr.trim().split('\n')[0]}; ${INSTALL.cargoLambda}`);
  }
  const zigEnv = zig.length === 0 ? '' : zig.map(([program, args]) => run(program, [...args, 'env'], { cwd, env }))
    .find((result) => result.ok)?.stdout ?? missing('zig', INSTALL.zig);
  // JSON, or Zig's own notation since 0.15.
  const zigField = (name: string) => new RegExp(`\\b${name}"?\\s*[:=]\\s*"([^"]*)"`).exec(zigEnv)?.[1];
  return {
    versions: {
      rustc: parseCompilerVersion(version.stdout),
      cargoLambda: lambda.stdout.trim().replace(/\s*\(.*/, ''),
      zig: zigField('version'),
    },
    sysroot: realpathSync(sysroot.stdout.trim()),
    zigProgram: zigField('zig_exe'),
  };
}

/** Return the release and the commits in the output of `rustc -vV`. The host is left out, since it does not change what is compiled. */
export function parseCompilerVersion(verbose: string): string {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(verbose)?.[1].trim();
  return [field('release'), field('commit-hash'), field('LLVM version')].filter(Boolean).join(' ') || verbose.trim();
}

/** Return the places where cargo-zigbuild looks for Zig, in its order. */
function zigCommands(env: NodeJS.ProcessEnv): Command[] {
  const python = which(env.CARGO_ZIGBUILD_PYTHON_PATH ?? 'python3', env);
  const zig = which(env.CARGO_ZIGBUILD_ZIG_PATH ?? 'zig', env);
  const commands: Command[] = [];
  if (python) {
    commands.push([python, ['-m', 'ziglang']]);
  }
  if (zig) {
    commands.push([zig, []]);
  }
  return commands.length > 0 ? commands : missing('zig', INSTALL.zig);
}

/**
 * Return the files and other settings by which rustup chooses a toolchain for a folder.
 *
 * @see https://rust-lang.github.io/rustup/overrides.html
 */
function toolchainChoice(cwd: string, env: NodeJS.ProcessEnv): { text: string; files: string[] } {
  const home = env.RUSTUP_HOME || join(homedir(), '.rustup');
  const settings = join(home, 'settings.toml');
  const overrides = /\[overrides\]\s*\S/.test(existsSync(settings) ? readFileSync(settings, 'utf-8') : '') ? cwd : '';
  const nearest = nearestToolchainFile(cwd);
  return {
    text: JSON.stringify([env.RUSTUP_TOOLCHAIN ?? '', env.RUSTUP_HOME ?? '', overrides]),
    files: [settings, ...nearest ? [nearest] : []],
  };
}

/** Return the rust-toolchain file that rustup uses in a folder. */
export function nearestToolchainFile(cwd: string): string | undefined {
  return toolchainFilePaths(cwd).find((file) => existsSync(file));
}

/** Return the paths where rustup looks for a rust-toolchain file, the nearest first. */
export function toolchainFilePaths(cwd: string): string[] {
  return ancestors(cwd).flatMap((folder) => [join(folder, 'rust-toolchain'), join(folder, 'rust-toolchain.toml')]);
}
