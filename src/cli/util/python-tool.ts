import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, ExitCode } from './errors';
import { runProgram } from './run-program';
import { packageRoot } from './package-info';
import { detail } from './terminal';
import { COMPLETE_MARKER, isComplete, venvBin } from '../../util/cache-dir';
import { withLock } from '../../util/process/process-lock';
import { isSameProcess, processStart } from '../../util/process/process-start';

/** The oldest Python that our tools run on. */
export const MIN_PYTHON = '3.10';

/** A tool from PyPI, in a virtual environment of its own. */
export interface PythonTool {
  /** Its name on PyPI. */
  readonly name: string;
  readonly version: string;

  /** The file with all that pip is to install: the tool and what it needs, each with its version and hashes. */
  readonly requirements: string;

  /** The folder of the virtual environment. */
  readonly home: string;
}

/** The file of this package with what pip is to install for a tool. */
export function requirementsOf(name: string): string {
  return join(packageRoot(), 'templates', 'python', `${name}.txt`);
}

/** The Python of a virtual environment. */
export function venvPython(home: string): string {
  return join(venvBin(home), process.platform === 'win32' ? 'python.exe' : 'python');
}

/** Whether a tool was installed to the end, and the Python that it was installed with is still there. */
export function isInstalled(tool: PythonTool): boolean {
  return isComplete(tool.home) && existsSync(venvPython(tool.home));
}

/**
 * Installs a tool where it is not installed yet. A virtual environment that was not finished is begun anew.
 *
 * @param say told what goes on
 * @throws CliError without a Python that is new enough, or when PyPI or the disk lets us down
 */
export async function ensureTool(tool: PythonTool, say: (text: string) => void = () => {}): Promise<void> {
  if (isInstalled(tool)) return;
  await withLock(`${tool.home}.lock`, async () => {
    if (isInstalled(tool)) return;
    const python = await findPython(tool);
    killLeftover(tool);
    rmSync(tool.home, { recursive: true, force: true });
    say(`installing ${tool.name} ${tool.version}`);
    await checked(tool, python, ['-m', 'venv', tool.home]);
    await checked(tool, venvPython(tool.home), [
      // Built packages only: building one would run its code, with tools that have no hash.
      '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet',
      '--require-hashes', '--only-binary', ':all:', '-r', tool.requirements,
    ]);
    writeFileSync(join(tool.home, COMPLETE_MARKER), '');
  }, { onWait: (pid) => say(`waiting for process ${pid ?? 'unknown'}, which installs ${tool.name}`) });
}

async function checked(tool: PythonTool, python: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram(python, args, {
    onStart: (pid) => writeFileSync(installerFile(tool), JSON.stringify({ pid, start: processStart(pid) })),
  });
  rmSync(installerFile(tool), { force: true });
  if (code === 0) return;
  const output = `${stdout}\n${stderr}`.trim();
  detail(output);
  if (/ensurepip/.test(output)) {
    throw new CliError(`${python} cannot make virtual environments: its "venv" module is not complete`, {
      hint: 'install it with your package manager, for example: sudo apt install python3-venv',
    });
  }
  const reason = output.split('\n').reverse().find((line) => /error/i.test(line)) ?? output.split('\n').pop();
  throw new CliError(`${tool.name} ${tool.version} could not be installed into ${tool.home}: ${reason?.trim()}`, {
    exitCode: ExitCode.AWS_FAILURE,
    hint: /do not match the hashes/i.test(output)
      ? 'the package index serves other files than those this version was tested with; use another index (pip config list shows yours)'
      : `check the network (pip needs a package index), or install it yourself: pip install ${tool.name}==${tool.version}`,
  });
}

/** Says which process is installing. */
function installerFile(tool: PythonTool): string {
  return `${tool.home}.installer`;
}

/** Ends an installation whose command line was killed: it would write into the new one. */
function killLeftover(tool: PythonTool): void {
  try {
    const { pid, start } = JSON.parse(readFileSync(installerFile(tool), 'utf-8')) as { pid: number; start?: string };
    if (isSameProcess(pid, start)) process.kill(pid, 'SIGKILL');
  } catch {
    // There is none, as always but after a kill.
  }
}

/** Names that a Python may go by. The plain name may be a system's old one, beside a newer one with its version in the name. */
const PYTHONS = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/**
 * The command of a Python that is new enough.
 *
 * @throws CliError when there is none
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
