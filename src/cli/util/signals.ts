import { ExitCode } from './errors';
import { showError } from './terminal';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

let longRunning = false;

/** Mark the command as one that runs until Ctrl-C, which is then not reported as an interruption. */
export function markLongRunning(): void {
  longRunning = true;
}

/** End the process on a signal, unless something else handles the signal: a child process, or a loop of the command. */
export function endOnSignals(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      if (!longRunning) showError('interrupted');
      process.exit(ExitCode.INTERRUPTED);
    });
  }
}
