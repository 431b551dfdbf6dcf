import { main } from './main';
import { endOnSignals } from './signals';

endOnSignals();
void main(process.argv).then((code) => {
  process.exitCode = code;
});
