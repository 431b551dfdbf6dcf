import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, ExitCode } from './errors';
import { packageRoot } from './package-info';
import { runProgram } from './run-program';
import { detail } from './terminal';
import { COMPLETE_MARKER, isComplete, venvBin } from '../../util/cache-dir';
import { withoutCredentials } from '../../util/process/build-environment';
import { withLock } from '../../util/process/process-lock';
import { isSameProcess, processStart } from '../../util/process/process-start';

/** The oldest Python that the tools run on. */
export const MIN_PYTHON = '3.10';

/** A tool from PyPI, with its own virtual environment. */
export interface PythonTool {
  /** Its name on PyPI. */
  readonly name: string;
  readonly version: string;

  /** The requirements file of pip: the tool and its dependencies, with versions and hashes. */
  readonly requirements: string;

  /** The folder of the virtual environment. */
  readonly home: string;
}

/** The requirements file of a tool, which is a part of this package. */
export function requirementsOf(name: string): string {
  return join(packageRoot(), 'templates', 'python', `${name}.txt`);
}

/** The Python of a virtual environment. */
export function venvPython(home: string): string {
  return join(venvBin(home), process.platform === 'win32' ? 'python.exe' : 'python');
}

/** Whether a tool was installed completely, and the Python of its virtual environment still exists. */
export function isInstalled(tool: PythonTool): boolean {
  return isComplete(tool.home) && existsSync(venvPython(tool.home));
}

/**
 * Install a tool, unless it is installed. An incomplete virtual environment is created again.
 *
 * @param onProgress receives progress messages
 * @throws CliError if no Python is new enough, or if the installation fails
 */
export async function ensureTool(tool: PythonTool, onProgress: (text: string) => void = () => {}): Promise<void> {
  if (isInstalled(tool)) return;
  await withLock(`${tool.home}.lock`, async () => {
    if (isInstalled(tool)) return;
    const python = await findPython(tool);
    killLeftover(tool);
    rmSync(tool.home, { recursive: true, force: true });
    onProgress(`installing ${tool.name} ${tool.version}`);
    await runInstaller(tool, python, ['-m', 'venv', tool.home]);
    await runInstaller(tool, venvPython(tool.home), [
      // Wheels only: building a source package would run its code, with build tools that have no hash.
      '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet',
      '--require-hashes', '--only-binary', ':all:', '-r', tool.requirements,
    ]);
    writeFileSync(join(tool.home, COMPLETE_MARKER), '');
  }, { onWait: (pid) => onProgress(`waiting for process ${pid ?? 'unknown'}, which installs ${tool.name}`) });
}

async function runInstaller(tool: PythonTool, python: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram(python, args, {
    // Packages from PyPI must not get AWS credentials.
    env: withoutCredentials(process.env),
    onStart: (pid) => writeFileSync(installerFile(tool), JSON.stringify({ pid, start: processStart(pid) })),
  });
  rmSync(installerFile(tool), { force: true });
  if (code === 0) return;
  const output = `${stdout}\n${stderr}`.trim();
  detail(output);
  if (/ensurepip/.test(output)) {
    throw new CliError(`${python} cannot create virtual environments: its "venv" module is incomplete`, {
      hint: 'install it with your package manager, for example: sudo apt install python3-venv',
    });
  }
  const reason = output.split('\n').reverse().find((line) => /error/i.test(line)) ?? output.split('\n').pop();
  throw new CliError(`${tool.name} ${tool.version} could not be installed into ${tool.home}: ${reason?.trim()}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: /do not match the hashes/i.test(output)
      ? 'the package index serves files that differ from the tested ones; use another index ("pip config list" shows yours)'
      : `check the network (pip needs a package index), or install it yourself: pip install ${tool.name}==${tool.version}`,
  });
}

/** The file with the process that installs a tool. */
function installerFile(tool: PythonTool): string {
  return `${tool.home}.installer`;
}

/** Kill an installer whose parent was killed, because it would write into the new virtual environment. */
function killLeftover(tool: PythonTool): void {
  try {
    const { pid, start } = JSON.parse(readFileSync(installerFile(tool), 'utf-8')) as { pid: number; start?: string };
    if (isSameProcess(pid, start)) process.kill(pid, 'SIGKILL');
  } catch {
    // No leftover installer.
  }
}

/** Command names of Python. The plain name may be an old Python of the system, with a newer one installed under its versioned name. */
const PYTHONS = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/**
 * Find the command of a Python that is new enough.
 *
 * @throws CliError if no Python is new enough
 */
export async function findPython(forTool: { readonly name: string }): Promise<string> {
  const old: string[] = [];
  for (const python of PYTHONS) {
    const version = await pythonVersion(python);
    if (version === undefined) continue;
    if (isNewEnough(version)) return python;
    old.push(`${python} is ${version}`);
  }
  throw new CliError(old.length > 0
    ? `Python ${MIN_PYTHON} or newer is needed to install ${forTool.name}, and ${old.join(', ')}`
    : `Python ${MIN_PYTHON} or newer is needed to install ${forTool.name}, and there is no "python3" in PATH`, {
    hint: 'install it from https://www.python.org/downloads/ or with your package manager',
  });
}

async function pythonVersion(python: string): Promise<string | undefined> {
  try {
    const { code, stdout } = await runProgram(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    return code === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === ExitCode.USER_ERROR) return undefined;
    throw error;
  }
}

function isNewEnough(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [minMajor, minMinor] = MIN_PYTHON.split('.').map(Number);
  return major > minMajor || (major === minMajor && minor >= minMinor);
}
