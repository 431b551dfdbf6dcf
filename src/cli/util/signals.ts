import { ExitCode } from './errors';
import { complain } from './terminal';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

let endless = false;

/** Says that the command goes on until Ctrl-C, which is then no interruption. */
export function markLongRunning(): void {
  endless = true;
}

/** Says that the command was interrupted, and ends it, while nothing else deals with the signal: no process that is waited for, and no loop of its own. */
export function endOnSignals(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      if (!endless) complain('interrupted');
      process.exit(ExitCode.INTERRUPTED);
    });
  }
}
