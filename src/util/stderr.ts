import { writeSync } from 'node:fs';
import { visible } from './text/visible';

/** Says something to the person who waits. Standard output belongs to the app. */
export function say(message: string): void {
  try {
    writeSync(2, `${visible(message)}\n`);
  } catch {
    // A pipe that nobody reads, or that is full, is no reason to fail.
  }
}

const upToDate = new Set<string>();

/** Notes a binary that needed no build. They are all told in one line when the app ends. */
export function noteUpToDate(name: string): void {
  if (upToDate.size === 0) {
    process.once('exit', () => {
      const names = [...upToDate];
      say(`${names.length === 1 ? names[0] : `${names.length} Rust binaries`} up to date, nothing to build`);
    });
  }
  upToDate.add(name);
}
