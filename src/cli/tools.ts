import { spawnSync } from 'node:child_process';
import { cdkProgram } from './cdk';
import { CliError } from './errors';
import type { Project } from './project';
import { ensureTool, type PythonTool } from './venv';
import { cargoLambdaHome, CARGO_LAMBDA_VERSION } from '../rust/cache';
import { toolEnvironment, which } from '../rust/which';

/** cargo-lambda, which brings zig, the linker for other systems. */
export function cargoLambda(): PythonTool {
  return { name: 'cargo-lambda', version: CARGO_LAMBDA_VERSION, home: cargoLambdaHome() };
}

/**
 * Checks that a build has the programs that it needs; installs cargo-lambda where there is none.
 *
 * @param say told what goes on, and what was found
 * @throws CliError naming what is missing, and how to get it
 */
export async function ensureTools(project: Project, say: (text: string) => void): Promise<void> {
  const { version } = cdkProgram(project);
  const cargo = requireCargo();
  if (!which('cargo-lambda', toolEnvironment({}))) await ensureTool(cargoLambda(), say);
  say(`${cargo}, aws-cdk ${version}`);
}

/** @returns the name and version of cargo */
export function requireCargo(env: NodeJS.ProcessEnv = toolEnvironment({})): string {
  const program = which('cargo', env);
  if (program === undefined) {
    throw new CliError('cargo was not found in PATH', {
      hint: 'install Rust with rustup (https://rustup.rs): curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh, and open a new terminal',
    });
  }
  const { status, stdout, stderr } = spawnSync(program, ['--version'], { env, encoding: 'utf-8' });
  if (status === 0) return stdout.trim().split(' ').slice(0, 2).join(' ');
  throw new CliError(`cargo does not run (${program}): ${stderr.trim()}`, { hint: 'choose a toolchain with: rustup default stable' });
}
