import { main, report } from './main';
import { endOnSignals } from './util/signals';

endOnSignals();
// Node.js would write such an error as it is, with what a server put into it.
process.on('uncaughtException', (error) => process.exit(report(error)));
void main(process.argv).then((code) => {
  process.exitCode = code;
});
