import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, processStart } from './processes';

const POLL_MS = 250;

/**
 * Does work that only one process may do at a time. Others wait; the lock of a process that is gone does not count.
 *
 * @param onWait called once when another process has the lock
 */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait: (pid: number) => void = () => {}): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
  let waiting = false;
  while (!take(path, mine)) {
    const theirs = read(path);
    if (theirs === undefined) continue;
    const holder = parse(theirs);
    if (!holder || !isSameProcess(holder.pid, holder.start)) {
      discard(path, theirs);
      continue;
    }
    if (!waiting) onWait(holder.pid);
    waiting = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/** Made beside its place and linked there, so that nobody sees a half-written lock. */
function take(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock of a process that is gone, unless another process was faster and has taken it meanwhile. */
function discard(path: string, expected: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf-8') !== expected) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf-8');
  } catch {
    return undefined;
  }
}

function parse(content: string): { pid: number; start?: string } | undefined {
  try {
    const { pid, start } = JSON.parse(content) as { pid: number; start?: string };
    return Number.isInteger(pid) ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}
