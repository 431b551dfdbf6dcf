import { cdkProgram } from './cdk';
import { hostArchitecture } from './host-architecture';
import type { Project } from './project';
import { checkTarget, findToolchain, MissingTool, type Toolchain } from '../../rust/cargo/toolchain';
import { GNU_TARGETS } from '../../rust/options/targets';
import { cargoLambdaHome, CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { toolEnvironment, which } from '../../util/process/which';
import { CliError } from '../util/errors';
import { ensureTool, requirementsOf, type PythonTool } from '../util/python-tool';
import { runProgram } from '../util/run-program';

/** cargo-lambda. It brings zig, the linker for other systems. */
export function cargoLambda(): PythonTool {
  return { name: 'cargo-lambda', version: CARGO_LAMBDA_VERSION, requirements: requirementsOf('cargo-lambda'), home: cargoLambdaHome() };
}

/**
 * Check that the programs that a build needs are installed. Install cargo-lambda and the Rust target if they are missing.
 *
 * @param onProgress receives progress messages, and at last the versions of the programs
 * @throws CliError or UserError that says what is missing and how to install it
 */
export async function ensureTools(project: Project, onProgress: (text: string) => void): Promise<void> {
  const cdk = cdkProgram(project);
  requireCargo();
  await ensureCargoLambda(onProgress);
  const { versions } = await toolchainWithTarget(project, onProgress);
  onProgress(`rust ${versions.rustc.split(' ')[0]}, ${versions.cargoLambda}, aws-cdk ${cdk.version}`);
}

/**
 * The path of cargo.
 *
 * @throws CliError if it is not in PATH
 */
export function requireCargo(env: NodeJS.ProcessEnv = toolEnvironment({})): string {
  const cargo = which('cargo', env);
  if (cargo !== undefined) return cargo;
  throw new CliError('cargo was not found in PATH', {
    hint: "install Rust: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh, and open a new terminal",
  });
}

/** Install cargo-lambda, unless it is in PATH or in the cache folder of this tool. */
export async function ensureCargoLambda(onProgress: (text: string) => void): Promise<void> {
  if (which('cargo-lambda', toolEnvironment({})) === undefined) await ensureTool(cargoLambda(), onProgress);
}

/** The Rust target of the project's function. */
export function rustTargetOf(project: Project): string {
  const architecture = project.local ? hostArchitecture() : project.file.deployment.server.architecture;
  return GNU_TARGETS[architecture];
}

export function toolchainOf(project: Project): Toolchain {
  return findToolchain(project.root, toolEnvironment({}), project.file.deployment.build.compiler);
}

async function toolchainWithTarget(project: Project, onProgress: (text: string) => void): Promise<Toolchain> {
  const toolchain = toolchainOf(project);
  const target = rustTargetOf(project);
  try {
    checkTarget(toolchain, target, project.file.deployment.build.flags);
  } catch (error) {
    if (!(error instanceof MissingTool) || which('rustup', toolEnvironment({})) === undefined) throw error;
    onProgress(`installing the Rust target ${target}`);
    await addTarget(project, target);
  }
  return toolchain;
}

/** Install a Rust target with rustup, for the toolchain of the project's folder. */
export async function addTarget(project: Project, target: string): Promise<void> {
  const { code, stderr } = await runProgram('rustup', ['target', 'add', target], { cwd: project.root, env: toolEnvironment({}) });
  if (code === 0) return;
  throw new CliError(`the Rust target ${target} could not be installed: ${stderr.trim()}`, {
    hint: `install it: rustup target add ${target}`,
  });
}
