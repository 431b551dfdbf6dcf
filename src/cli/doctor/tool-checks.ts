import { spawnSync } from 'node:child_process';
import { type Check, type Diagnosis, ok, problem, warning } from './check';
import { checkTarget } from '../../rust/cargo/toolchain';
import { toolEnvironment, which } from '../../util/process/which';
import { cdkProgram } from '../project/cdk';
import type { Project } from '../project/project';
import { addTarget, cargoLambda, rustTargetOf, toolchainOf } from '../project/tools';
import { CliError } from '../util/errors';
import { ensureTool, findPython, MIN_PYTHON } from '../util/python-tool';
import { runProgram } from '../util/run-program';

const MIN_NODE = 20;
const INSTALL_RUST = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

/** Checks of the programs that builds and the local AWS need. */
export function toolChecks(project: Project | undefined): Check[] {
  return [
    { title: 'Node.js', diagnose: async () => diagnoseNode() },
    { title: 'Python', diagnose: diagnosePython },
    { title: 'Rust', diagnose: async () => diagnoseRust() },
    { title: 'cargo-lambda', diagnose: async () => diagnoseCargoLambda() },
    ...project ? [
      { title: 'Rust target, zig', diagnose: async () => diagnoseTarget(project) },
      { title: 'CDK app', diagnose: async () => diagnoseApp(project) },
    ] : [],
  ];
}

function diagnoseNode(): Diagnosis {
  const { node } = process.versions;
  return Number(node.split('.')[0]) >= MIN_NODE ? ok(node) : problem(node, `install Node.js ${MIN_NODE} or newer: https://nodejs.org`);
}

async function diagnosePython(): Promise<Diagnosis> {
  try {
    return ok(await findPython({ name: 'cargo-lambda and the local AWS' }));
  } catch (error) {
    return warning((error as Error).message, `install Python ${MIN_PYTHON} or newer: https://www.python.org/downloads/`);
  }
}

function readVersion(program: string, args: readonly string[] = ['--version']): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf-8', env: toolEnvironment({}) });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}

function diagnoseRust(): Diagnosis {
  const cargo = which('cargo', toolEnvironment({}));
  if (cargo === undefined) return problem('cargo was not found in PATH', INSTALL_RUST);
  const found = readVersion(cargo);
  return found === undefined ? problem(`${cargo} does not run`, 'rustup default stable') : ok(found);
}

function diagnoseCargoLambda(): Diagnosis {
  const program = which('cargo-lambda', toolEnvironment({}));
  const { name, version: wanted } = cargoLambda();
  const install = async (say: (text: string) => void) => ensureTool(cargoLambda(), say);
  if (program === undefined) return warning('not installed; the first deployment installs it', `pip3 install ${name}==${wanted}`, install);
  const found = readVersion(program, ['lambda', '--version']);
  if (found === undefined) return problem(`${program} does not run`, `pip3 install --force-reinstall ${name}==${wanted}`);
  return ok(`${found.replace(/\s*\(.*/, '')}, ${program}`);
}

function diagnoseTarget(project: Project): Diagnosis {
  const triple = rustTargetOf(project);
  if (which('cargo', toolEnvironment({})) === undefined || which('cargo-lambda', toolEnvironment({})) === undefined) {
    return warning('cannot be checked without cargo and cargo-lambda');
  }
  try {
    const toolchain = toolchainOf(project);
    try {
      checkTarget(toolchain, triple, project.file.deployment.build.flags);
    } catch (error) {
      const fix = which('rustup', toolEnvironment({})) ? async () => addTarget(project, triple) : undefined;
      return problem((error as Error).message.split(';')[0], `rustup target add ${triple}`, fix);
    }
    return ok(`${triple}${toolchain.versions.zig ? `, zig ${toolchain.versions.zig}` : ''}`);
  } catch (error) {
    const [found, hint] = (error as Error).message.split(/; install it: /);
    return problem(found, hint);
  }
}

function diagnoseApp(project: Project): Diagnosis {
  try {
    return ok(`${project.appFolder}, aws-cdk ${cdkProgram(project).version}`);
  } catch (error) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    return problem((error as Error).message, `npm install --prefix ${project.appFolder}`, async () => {
      const { code, stderr } = await runProgram(npm, ['install'], { cwd: project.appFolder });
      if (code !== 0) {
        throw new CliError(`npm install failed: ${stderr.trim().split('\n').pop()}`, { hint: `npm install --prefix ${project.appFolder}` });
      }
    });
  }
}
