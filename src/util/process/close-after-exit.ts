import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 100;
const IDLE_TICKS = 10;

/**
 * Close the pipes of a program that has exited, once they were idle for a second. Otherwise a process that it left running would hold the
 * pipes open, and the event "close" would not come.
 */
export function closeAfterExit(child: ChildProcess): void {
  child.once('exit', () => void closeWhenIdle(child));
}

async function closeWhenIdle({ stdout, stderr }: ChildProcess): Promise<void> {
  const streams = [stdout, stderr].filter((stream) => stream !== null);
  let idle = 0;
  streams.forEach((stream) => stream.on('data', () => (idle = 0)));
  for (; streams.some(({ closed }) => !closed) && idle < IDLE_TICKS; idle++) await sleep(TICK_MS, undefined, { ref: false });
  streams.forEach((stream) => stream.destroy());
}
