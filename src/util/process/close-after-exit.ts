import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 100;
const IDLE_TICKS = 10;

/**
 * Lets a program be over ("close") although a process that it left behind holds its pipes: they are closed a second after its last words.
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
