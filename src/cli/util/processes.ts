import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as a text to compare: together with the id it says which process is meant, since ids are used again.
 *
 * Undefined when there is no such process, or where the system does not tell.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    // The name, in parentheses, may have spaces in it; what follows has none. The start is field 22, the state field 3.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf-8').split(') ').pop()!.split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf-8', env: { ...process.env, LC_ALL: 'C' } });
  return status === 0 ? stdout.trim() || undefined : undefined;
}

/** Whether a process runs, whoever it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process with an id is the one that was started then. */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  return start === undefined ? process.platform === 'win32' && isRunning(pid) : processStart(pid) === start;
}
