import { cdkProgram, hostArchitecture } from './cdk';
import type { Project } from './project';
import { checkTarget, findToolchain, MissingTool, type Toolchain } from '../../rust/cargo/toolchain';
import { cargoLambdaHome, CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { toolEnvironment, which } from '../../util/process/which';
import { CliError } from '../util/errors';
import { run } from '../util/exec';
import { ensureTool, requirementsOf, type PythonTool } from '../util/python-tool';

/** cargo-lambda, which brings zig, the linker for other systems. */
export function cargoLambda(): PythonTool {
  return { name: 'cargo-lambda', version: CARGO_LAMBDA_VERSION, requirements: requirementsOf('cargo-lambda'), home: cargoLambdaHome() };
}

/**
 * Checks that a build has the programs that it needs; installs cargo-lambda and the Rust target where there are none.
 *
 * @param say told what goes on, and what was found
 * @throws CliError or UserError naming what is missing, and how to get it
 */
export async function ensureTools(project: Project, say: (text: string) => void): Promise<void> {
  const cdk = cdkProgram(project);
  requireCargo();
  await ensureCargoLambda(say);
  const { versions } = await toolchainWithTarget(project, say);
  say(`rust ${versions.rustc.split(' ')[0]}, ${versions.cargoLambda}, aws-cdk ${cdk.version}`);
}

/** @throws CliError without cargo */
export function requireCargo(env: NodeJS.ProcessEnv = toolEnvironment({})): string {
  const cargo = which('cargo', env);
  if (cargo !== undefined) return cargo;
  throw new CliError('cargo was not found in PATH', {
    hint: "install Rust: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh, and open a new terminal",
  });
}

/** Installs cargo-lambda, unless there is one in PATH or in our own place. */
export async function ensureCargoLambda(say: (text: string) => void): Promise<void> {
  if (which('cargo-lambda', toolEnvironment({})) === undefined) await ensureTool(cargoLambda(), say);
}

/** The Rust target of a project's function. */
export function targetOf(project: Project): string {
  const architecture = project.local ? hostArchitecture() : project.file.deployment.server.architecture;
  return `${architecture === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
}

export function toolchainOf(project: Project): Toolchain {
  return findToolchain(project.root, toolEnvironment({}), project.file.deployment.build.compiler);
}

async function toolchainWithTarget(project: Project, say: (text: string) => void): Promise<Toolchain> {
  const toolchain = toolchainOf(project);
  const target = targetOf(project);
  try {
    checkTarget(toolchain, target, project.file.deployment.build.flags);
  } catch (error) {
    if (!(error instanceof MissingTool) || which('rustup', toolEnvironment({})) === undefined) throw error;
    say(`installing the Rust target ${target}`);
    await addTarget(project, target);
  }
  return toolchain;
}

/** Installs a Rust target by rustup, for the toolchain of the project's folder. */
export async function addTarget(project: Project, target: string): Promise<void> {
  const { code, stderr } = await run('rustup', ['target', 'add', target], { cwd: project.root, env: toolEnvironment({}) });
  if (code !== 0) throw new CliError(`the Rust target ${target} could not be installed: ${stderr.trim()}`, { hint: `install it: rustup target add ${target}` });
}
