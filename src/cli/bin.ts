import { main, report } from './main';
import { endOnSignals } from './util/signals';

endOnSignals();
// Node.js would print such an error unescaped, with text that may come from a server.
process.on('uncaughtException', (error) => process.exit(report(error)));
void main(process.argv).then((code) => {
  process.exitCode = code;
});
