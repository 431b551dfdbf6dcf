import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Turns the compiled `export * as scaffold from './scaffold'` into a getter that loads on first use.
 *
 * An eager require loads projen at every synth of users who only want the construct: about half a second, and a crash where
 * projen is not installed.
 */
const index = 'lib/index.js';
const source = readFileSync(index, 'utf-8');
const lazy = 'Object.defineProperty(exports, "scaffold", { enumerable: true, get: () => require("./scaffold") });';

if (!source.includes(lazy)) {
  const eager = /^exports\.scaffold = __importStar\(require\("\.\/scaffold"\)\);$/m;
  if (!eager.test(source)) {
    throw new Error(`${index} has no eager require of ./scaffold: has the compiler's output changed?`);
  }
  writeFileSync(index, source.replace(eager, lazy));
}
