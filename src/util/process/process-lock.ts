import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processStart } from './process-start';

const FIRST_POLL_MS = 20;
const POLL_MS = 200;

/** A lock is empty for a moment while it is written on a file system without links. */
const WRITE_MS = 5000;

/** Processes of other machines that share the folder cannot be looked up. No build takes an hour. */
const OTHER_HOST_MS = 3600_000;

/** How a process waits for a lock. */
export interface LockOptions {
  /** Called once if another process holds the lock, with its id where it is known. */
  readonly onWait?: (pid: number | undefined) => void;

  /**
   * How long to wait before `onWait` is called, in milliseconds.
   *
   * @default 0
   */
  readonly quietMs?: number;
}

interface Holder {
  readonly pid: number;
  /** When the process was started (see `processStart`): ids are reused. */
  readonly start?: string;
  readonly host?: string;
}

/** Run an action that only one process may run at a time. A lock of a process that no longer runs is taken over. */
export async function withLock<T>(path: string, action: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const mine = ownContent();
  for (const pause of pausesUntilTaken(path, mine, options)) await sleep(pause);
  try {
    return await action();
  } finally {
    release(path, mine);
  }
}

/** The same as `withLock` for a synchronous action. Waiting blocks this process. */
export function withLockSync<T>(path: string, action: () => T, options: LockOptions = {}): T {
  const mine = ownContent();
  for (const pause of pausesUntilTaken(path, mine, options)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  try {
    return action();
  } finally {
    release(path, mine);
  }
}

/** Take the lock. Yields a number of milliseconds to wait each time that another process holds it. */
function* pausesUntilTaken(path: string, mine: string, { onWait, quietMs = 0 }: LockOptions): Generator<number> {
  mkdirSync(dirname(path), { recursive: true });
  let isReported = false;
  for (let waitedMs = 0, pauseMs = FIRST_POLL_MS; ; waitedMs += pauseMs, pauseMs = Math.min(pauseMs + FIRST_POLL_MS, POLL_MS)) {
    if (create(path, mine)) return;
    const theirs = read(path);
    if (theirs !== undefined && !isHeld(path, theirs)) {
      discard(path, theirs);
      if (create(path, mine)) return;
    } else if (theirs !== undefined && !isReported && waitedMs >= quietMs) {
      isReported = true;
      onWait?.(parse(theirs)?.pid);
    }
    yield pauseMs;
  }
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true });
}

function ownContent(): string {
  const holder: Holder = { pid: process.pid, start: processStart(process.pid), host: hostname() };
  return JSON.stringify(holder);
}

/** Write the lock elsewhere and link it to its path, so that no process reads half a lock. Returns false if there is a lock already. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? false : createWithoutLink(path, content);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Some file systems have no hard links. */
function createWithoutLink(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Remove the lock of a process that no longer runs, unless another process has taken it in the meantime. */
function discard(path: string, expected: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    // Another process was faster, or the file is open on Windows: the next attempt finds out.
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && moved !== expected) create(path, moved);
  rmSync(aside, { force: true });
}

function isHeld(path: string, content: string): boolean {
  const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (content === '') return ageMs < WRITE_MS;
  const holder = parse(content);
  if (!holder) return false;
  if (holder.host !== undefined && holder.host !== hostname()) return ageMs < OTHER_HOST_MS;
  return holder.start === undefined ? isRunning(holder.pid) : processStart(holder.pid) === holder.start;
}

/** Return undefined if there is no lock, and an empty text for one that cannot be read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf-8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

function parse(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}
