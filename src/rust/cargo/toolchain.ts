import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { ancestors, hashText, writeAtomic } from '../../util/files';
import { run } from '../../util/process/exec';
import { which } from '../../util/process/which';
import { UserError } from '../../util/user-error';

/** The versions of what compiles, the same on every machine that has them. */
export interface Versions {
  readonly rustc: string;
  readonly cargoLambda: string;
  /** Where Zig links. */
  readonly zig?: string;
}

/** The tools of this machine. */
export interface Toolchain {
  readonly versions: Versions;
  readonly sysroot: string;
  /** The program that `python -m ziglang` stands for. */
  readonly zigProgram?: string;
}

/** A tool that is not there, and how to get it. */
export class MissingTool extends UserError {}

const INSTALL = {
  cargo: 'install Rust: curl --proto \'=https\' --tlsv1.2 -sSf https://sh.rustup.rs | sh',
  cargoLambda: `install it: pip3 install cargo-lambda==${CARGO_LAMBDA_VERSION}`,
  zig: 'install it: pip3 install ziglang, or set bundling.compiler to RustCompiler.CARGO',
  cross: 'install it: cargo install cross',
};

/**
 * Finds the tools for a build in a folder. Starts processes only when a tool, or what chooses its version, has changed since the last time.
 *
 * Throws MissingTool when one is not there.
 */
export function findToolchain(cwd: string, env: NodeJS.ProcessEnv, compiler: string): Toolchain {
  const cargo = which('cargo', env) ?? missing('cargo', INSTALL.cargo);
  const cargoLambda = which('cargo-lambda', env) ?? which('cargo-lambda', { ...env, PATH: join(dirname(cargo)) }) ?? missing('cargo-lambda', INSTALL.cargoLambda);
  const rustc = which(env.RUSTC ?? 'rustc', env) ?? missing('rustc', INSTALL.cargo);
  if (compiler === 'cross' && !which('cross', env)) {
    missing('cross', INSTALL.cross);
  }
  const zig = compiler === 'cargo' || compiler === 'cross' ? [] : zigCommands(env);

  const chosenBy = toolchainChoice(cwd, env);
  const watched = [cargo, cargoLambda, rustc, ...zig.map(([program]) => program), ...chosenBy.files];
  const key = hashText(JSON.stringify([watched, chosenBy.text, zig]));
  const file = join(cacheFolder(), 'tools', `${key}.json`);
  const remembered = recall(file, watched);
  if (remembered) {
    return remembered;
  }
  const toolchain = ask(cwd, env, rustc, zig);
  writeAtomic(file, JSON.stringify({ stamps: stamps([...watched, ...insides(toolchain)]), toolchain }));
  return toolchain;
}

/** Throws unless the standard library for a target is installed. */
export function checkTarget(toolchain: Toolchain, target: string, flags: string[]): void {
  const triple = target.split('.')[0];
  const builds = flags.some((flag) => flag.includes('build-std'));
  if (!builds && !existsSync(join(toolchain.sysroot, 'lib', 'rustlib', triple))) {
    missing(`the Rust target ${triple}`, `install it: rustup target add ${triple}`, toolchain.sysroot);
  }
}

function missing(tool: string, how: string, where: string = 'PATH'): never {
  throw new MissingTool(`${tool} was not found in ${where}; ${how}`);
}

interface Memory {
  readonly stamps: { [path: string]: string };
  readonly toolchain: Toolchain;
}

function recall(file: string, watched: string[]): Toolchain | undefined {
  try {
    const memory: Memory = JSON.parse(readFileSync(file, 'utf-8'));
    const paths = [...watched, ...insides(memory.toolchain)];
    const now = stamps(paths);
    return paths.every((path) => memory.stamps[path] === now[path]) ? memory.toolchain : undefined;
  } catch {
    return undefined;
  }
}

/** The compiler itself, which `rustup update` replaces behind the proxies in PATH. */
function insides(toolchain: Toolchain): string[] {
  return [...toolchain.zigProgram ? [toolchain.zigProgram] : [], join(toolchain.sysroot, 'bin', 'rustc'), join(toolchain.sysroot, 'lib', 'rustlib', 'components'),
    join(toolchain.sysroot, 'lib', 'rustlib', 'multirust-channel-manifest.toml')];
}

function stamps(paths: string[]): { [path: string]: string } {
  return Object.fromEntries(paths.map((path) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return [path, stat ? `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : ''];
  }));
}

function ask(cwd: string, env: NodeJS.ProcessEnv, rustc: string, zig: [string, string[]][]): Toolchain {
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
    .find((outcome) => outcome.ok)?.stdout ?? missing('zig', INSTALL.zig);
  // JSON, or Zig's own notation since 0.15.
  const zigField = (name: string) => new RegExp(`\\b${name}"?\\s*[:=]\\s*"([^"]*)"`).exec(zigEnv)?.[1];
  return {
    versions: { rustc: compilerVersion(version.stdout), cargoLambda: lambda.stdout.trim().replace(/\s*\(.*/, ''), zig: zigField('version') },
    sysroot: realpathSync(sysroot.stdout.trim()),
    zigProgram: zigField('zig_exe'),
  };
}

/** The release and its commit: the host that the compiler runs on does not matter to what it makes. */
export function compilerVersion(verbose: string): string {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(verbose)?.[1].trim();
  return [field('release'), field('commit-hash'), field('LLVM version')].filter(Boolean).join(' ') || verbose.trim();
}

/** Where cargo-zigbuild looks for Zig, in its order. */
function zigCommands(env: NodeJS.ProcessEnv): [string, string[]][] {
  const python = which(env.CARGO_ZIGBUILD_PYTHON_PATH ?? 'python3', env);
  const zig = which(env.CARGO_ZIGBUILD_ZIG_PATH ?? 'zig', env);
  const commands: [string, string[]][] = [...python ? [[python, ['-m', 'ziglang']] as [string, string[]]] : [], ...zig ? [[zig, []] as [string, string[]]] : []];
  return commands.length > 0 ? commands : missing('zig', INSTALL.zig);
}

/** What makes rustup choose a toolchain in a folder. */
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

/** The rust-toolchain file that rustup goes by in a folder. */
export function nearestToolchainFile(cwd: string): string | undefined {
  return toolchainPlaces(cwd).find((file) => existsSync(file));
}

/** Where rustup looks for a rust-toolchain file, the nearest first. */
export function toolchainPlaces(cwd: string): string[] {
  return ancestors(cwd).flatMap((folder) => [join(folder, 'rust-toolchain'), join(folder, 'rust-toolchain.toml')]);
}
