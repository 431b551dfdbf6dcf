import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/**
 * Turns the re-exports of the compiled index into getters that load their module on first use, as aws-cdk-lib does.
 *
 * An eager require of ./scaffold loads projen at every synth of users who only want the construct: about half a second, and a
 * crash where projen is not installed. The other modules load the parts of aws-cdk-lib that they extend: a tenth of a second.
 */
const index = 'lib/index.js';
const source = readFileSync(index, 'utf-8');
const load = createRequire(resolve(index));

const HELPER = 'const lazily = (name, get) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });';

/** `exports.name = void 0` is what tells Node's loader of ES modules the name; it does not look into the helper. */
function getter(name: string, value: string): string {
  return `exports.${name} = void 0;\nlazily("${name}", () => ${value});`;
}

if (/^(exports\.\w+ = )?__(exportStar|importStar)\(require\(/m.test(source)) {
  const lazy = source
    .replace(/^Object\.defineProperty\(exports, "__esModule".*$/m, (line) => `${line}\n${HELPER}`)
    .replace(/^__exportStar\(require\("(.*)"\), exports\);$/gm, (_line, module) => Object.keys(load(module))
      .filter((name) => name !== '__esModule').map((name) => getter(name, `require("${module}").${name}`)).join('\n'))
    .replace(/^exports\.(\w+) = __importStar\(require\("(.*)"\)\);$/gm, (_line, name, module) => getter(name, `require("${module}")`));
  writeFileSync(index, lazy);
} else if (!source.includes('lazily("scaffold"')) {
  throw new Error(`${index} has no eager require of ./scaffold: has the compiler's output changed?`);
}
