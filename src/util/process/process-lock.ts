import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../cache-dir';
import { hashText } from '../files';

/** How long somebody may take to write their name into a new lock, in milliseconds. */
const GRACE = 5000;

/**
 * Does something while no other process that uses this function with the same name does. A lock of a process that is no more is taken over.
 */
export function withLock<T>(name: string, action: () => T, say: (message: string) => void): T {
  const file = join(cacheFolder(), 'locks', hashText(name).slice(0, 32));
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = 0; !acquire(file); waited++) {
    const owner = readOwner(file);
    if (isGone(file, owner)) {
      takeAway(file, owner);
    } else {
      if (waited === 10) {
        say(`waiting for process ${owner?.pid ?? 'unknown'}, which builds in ${name}`);
      }
      sleep(Math.min(20 * (waited + 1), 200));
    }
  }
  try {
    return action();
  } finally {
    rmSync(file, { force: true });
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, where the system tells: another process may get its id. */
  readonly started?: string;
}

function acquire(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
  const owner: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  writeSync(handle, JSON.stringify(owner));
  closeSync(handle);
  return true;
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf-8'));
  } catch {
    return undefined;
  }
}

function isGone(file: string, owner: Owner | undefined): boolean {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (owner === undefined) {
    return age > GRACE;
  }
  if (owner.host !== hostname()) {
    // A machine that shares the folder; nobody builds for an hour.
    return age > 3600_000;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return owner.started !== undefined && owner.started !== startOf(owner.pid);
}

/** Only one of those that wait moves the old lock away; a new lock in its place is put back. */
function takeAway(file: string, owner: Owner | undefined): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (JSON.stringify(moved) === JSON.stringify(owner)) {
    rmSync(aside, { force: true });
  } else {
    renameSync(aside, file);
  }
}

function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may itself have spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf-8').split(') ').pop()!.split(' ')[19];
  } catch {
    return undefined;
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
