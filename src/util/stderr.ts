import { writeSync } from 'node:fs';
import { visible } from './text/visible';

/** Print a message to standard error. Standard output belongs to the app. */
export function say(message: string): void {
  try {
    writeSync(2, `${visible(message)}\n`);
  } catch {
    // The pipe is closed or full. The build continues.
  }
}

const upToDate = new Set<string>();

/** Report a binary that is up to date. One line for all of them is printed when the app ends. */
export function reportUpToDate(name: string): void {
  if (upToDate.size === 0) {
    process.once('exit', () => {
      const names = [...upToDate];
      say(`${names.length === 1 ? names[0] : `${names.length} Rust binaries`} up to date, nothing to build`);
    });
  }
  upToDate.add(name);
}
