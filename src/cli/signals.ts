import { ExitCode } from './errors';
import { colour, note } from './terminal';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Says that the command was interrupted, and ends it, while nothing else deals with the signal: no process that is waited for, and no loop until Ctrl-C. */
export function endOnSignals(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      note(`${colour.red('error:')} interrupted`);
      process.exit(ExitCode.INTERRUPTED);
    });
  }
}
