import { GNU_TARGETS } from './targets';
import { UserError } from '../../util/user-error';

/** Flags of `cargo lambda build` for which there is a build option. */
export interface FlagOptions {
  profile?: string;
  target?: string;
  targetDirectory?: string;
  compiler?: string;
  features: string[];
  allFeatures?: boolean;
  noDefaultFeatures?: boolean;
  locked?: boolean;
  /** The other flags, in canonical form. */
  rest: string[];
}

/** A flag that is not allowed. */
export class FlagError extends UserError {
  // Private, since Node.js prints enumerable properties after the message.
  readonly #index: number;
  readonly #reason: string;

  constructor(option: string, index: number, reason: string) {
    super(`${option}[${index}]: ${reason}`);
    this.#index = index;
    this.#reason = reason;
  }

  /** Index of the flag in the list. */
  get index(): number {
    return this.#index;
  }

  /** The message without the name of the option. */
  get reason(): string {
    return this.#reason;
  }
}

/** Flags that conflict with the construct, each with its replacement or the reason. */
const REFUSED_FLAGS: { [flag: string]: string } = {
  '--manifest-path': 'use manifestPath (in deploy.toml: [build] manifest_path)',
  '--package': 'use bundling.packageName (in deploy.toml: [build] package)',
  '-p': 'use bundling.packageName (in deploy.toml: [build] package)',
  '--bin': 'use binaryName (in deploy.toml: [build] binary)',
  '--bins': 'use one function for each binary',
  '--lib': 'only a binary can be a function',
  '--example': 'only a binary can be a function',
  '--examples': 'only a binary can be a function',
  '--test': 'only a binary can be a function',
  '--tests': 'only a binary can be a function',
  '--bench': 'only a binary can be a function',
  '--benches': 'only a binary can be a function',
  '--all-targets': 'only a binary can be a function',
  '--workspace': 'use a RustWorkspace to build several binaries together (in deploy.toml: [[servers]])',
  '--all': 'use a RustWorkspace to build several binaries together (in deploy.toml: [[servers]])',
  '--exclude': 'use a RustWorkspace to build several binaries together (in deploy.toml: [[servers]])',
  '--extension': 'use a RustExtension',
  '--internal': 'use a RustExtension',
  '--include': 'use bundling.assets (in deploy.toml: [assets])',
  '-i': 'use bundling.assets (in deploy.toml: [assets])',
  '--lambda-dir': 'the asset has its own place',
  '-l': 'the asset has its own place',
  '--flatten': 'the asset has its own layout',
  '--output-format': 'the asset has its own layout',
  '-o': 'the asset has its own layout',
  '--message-format': 'the messages are read to know what the binary depends on',
  '--unit-graph': 'nothing would be built',
  '--artifact-dir': 'the asset has its own place',
  '--help': 'nothing would be built',
  '-h': 'nothing would be built',
  '--': 'there is nothing to pass on',
};

const LONG_FORMS: { [flag: string]: string } = {
  '-r': '--release', '-c': '--compiler', '-F': '--features', '-x': '--context', '-j': '--jobs', '-q': '--quiet',
};

const WITH_VALUE = new Set([
  '--profile', '--target', '--target-dir', '--compiler', '--features', '--context', '--jobs', '--config', '-Z', '--color',
  '--env-var', '--env-vars', '--env-file', '--global',
]);

/**
 * Parse flags of `cargo lambda build`.
 *
 * @throws FlagError for a flag that conflicts with the construct, or is not a flag
 */
export function parseFlags(option: string, flags: string[]): FlagOptions {
  const result: FlagOptions = { features: [], rest: [] };
  for (let index = 0; index < flags.length; index++) {
    const [flag, inline] = splitFlag(flags[index]);
    if (REFUSED_FLAGS[flag] !== undefined) {
      throw new FlagError(option, index, `${JSON.stringify(flags[index])} cannot be given: ${REFUSED_FLAGS[flag]}`);
    }
    if (!flag.startsWith('-')) {
      throw new FlagError(option, index, `${JSON.stringify(flags[index])} is not a flag of cargo lambda build`);
    }
    let value = inline;
    if (value === undefined && WITH_VALUE.has(flag)) {
      value = flags[++index];
      if (value === undefined) {
        throw new FlagError(option, index - 1, `${JSON.stringify(flag)} needs a value: give it as the next argument of the list`);
      }
    }
    if (/\s/.test(flag)) {
      throw new FlagError(option, index, `${JSON.stringify(flag)} has a space: give each argument as its own string, such as ${
        JSON.stringify(flag.split(/\s+/))}`);
    }
    addFlag(result, flag, value);
  }
  return result;
}

/** Split `--flag=value` and `-fvalue` into the flag, in its long form, and the value. */
function splitFlag(argument: string): [string, string | undefined] {
  const long = /^(--[^=\s]+)=(.*)$/s.exec(argument);
  if (long) {
    return [long[1], long[2]];
  }
  const short = /^(-[A-Za-z])(.+)$/s.exec(argument);
  if (short && !argument.startsWith('--') && !/^-v+$/.test(argument)) {
    return [LONG_FORMS[short[1]] ?? short[1], short[2].replace(/^=/, '')];
  }
  return [LONG_FORMS[argument] ?? argument, undefined];
}

function addFlag(result: FlagOptions, flag: string, value: string | undefined): void {
  switch (flag) {
    case '--release': result.profile = 'release'; break;
    // cargo-lambda-cdk documents this flag. Cargo's name for it is the profile "dev".
    case '--debug': result.profile = 'dev'; break;
    case '--profile': result.profile = value; break;
    case '--target': result.target = value; break;
    case '--arm64': result.target = GNU_TARGETS.arm64; break;
    case '--x86-64': result.target = GNU_TARGETS.x86_64; break;
    case '--target-dir': result.targetDirectory = value; break;
    case '--compiler': result.compiler = value; break;
    case '--features': result.features.push(...value!.split(/[\s,]+/).filter(Boolean)); break;
    case '--all-features': result.allFeatures = true; break;
    case '--no-default-features': result.noDefaultFeatures = true; break;
    case '--locked': result.locked = true; break;
    default: result.rest.push(flag, ...value === undefined ? [] : [value]);
  }
}
