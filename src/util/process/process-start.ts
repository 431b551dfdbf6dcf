import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Return the time at which a process was started, as a text to compare. The time and the id together identify a process, since ids are
 * reused.
 *
 * Returns undefined if there is no such process, if it is a zombie, or on Windows.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    // proc(5): the name in parentheses may contain spaces, the fields after it do not. Field 3 is the state, field 22 the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf-8').split(') ').pop()!.split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    if (process.platform === 'linux') return undefined;
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf-8', env: { ...process.env, LC_ALL: 'C' },
  });
  return status === 0 ? stdout.trim() || undefined : undefined;
}

/** Return true if a process with this id exists, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Return true if the process with this id is the one that was started at that time.
 *
 * Without a start time the process cannot be identified, except on Windows, where its id must do.
 */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  return start === undefined ? process.platform === 'win32' && isRunning(pid) : processStart(pid) === start;
}
