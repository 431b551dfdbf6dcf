import { Lazy, Token } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { parseFlags } from '../../../src/rust/options/flags';
import { checkOptions } from '../../../src/rust/options/options';
import { BundlingOptions } from '../../../src/rust/types';

const check = (bundling: BundlingOptions, rest: object = {}) => checkOptions({ kind: 'function', bundling, ...rest });

const COMMANDS = [
  '; rm -rf /', '$(touch pwned)', '`touch pwned`', 'a\ntouch pwned', 'a\rtouch pwned', '| sh', '&& true', '& true', '> file', '< file',
  '${HOME}',
];

describe('what a shell would take for a command is refused, in every option', () => {
  const options: [string, (value: string) => void][] = [
    ['bundling.cargoLambdaFlags[0]', (value) => check({ cargoLambdaFlags: [value] })],
    ['bundling.cargoLambdaFlags[1]', (value) => check({ cargoLambdaFlags: ['--config', value] })],
    ['bundling.features[0]', (value) => check({ features: [value] })],
    ['bundling.profile', (value) => check({ profile: value })],
    ['bundling.targetCpu', (value) => check({ targetCpu: value })],
    ['bundling.packageName', (value) => check({ packageName: value })],
    ['binaryName', (value) => check({}, { binaryName: value })],
  ];
  const cases = options.flatMap(([option, use]) => COMMANDS.map((command) => [option, command, use] as const));
  test.each(cases)('%s: %j', (option, command, use) => {
    expect(() => use(command)).toThrow(`${option}: ${JSON.stringify(command)} has characters of a shell command`);
  });
});

describe('a token is refused, in every option', () => {
  const token = Lazy.string({ produce: () => 'later' });
  test.each<[string, () => void]>([
    ['bundling.profile', () => check({ profile: token })],
    ['bundling.features[0]', () => check({ features: [token] })],
    ['bundling.features', () => check({ features: Token.asList({ Ref: 'x' }) })],
    ['bundling.cargoLambdaFlags[0]', () => check({ cargoLambdaFlags: [token] })],
    ['bundling.environment.KEY', () => check({ environment: { KEY: token } })],
    ['bundling.targetDirectory', () => check({ targetDirectory: token })],
    ['bundling.assets.include[0]', () => check({ assets: { include: [token] } })],
    ['binaryName', () => check({}, { binaryName: token })],
  ])('%s', (option, use) => {
    expect(use).toThrow(new RegExp(`^${option.replace(/[[\]]/g, '\\$&')}: .* is a CDK token`));
  });

  test('the value of a variable is not shown', () => {
    expect(() => check({ environment: { KEY: `secret${token}` } }))
      .toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });
});

test.each<[string, BundlingOptions, string]>([
  ['a name that is none', { profile: '-release' }, 'bundling.profile: "-release" is not a name that cargo knows'],
  ['an empty name', { profile: '' }, 'bundling.profile: expected text that is not empty, got ""'],
  ['a flag with its value in one', { cargoLambdaFlags: ['--color always'] },
    'bundling.cargoLambdaFlags[0]: "--color always" has a space: give each argument as its own string, such as ["--color","always"]'],
  ['a value without a flag', { cargoLambdaFlags: ['always'] },
    'bundling.cargoLambdaFlags[0]: "always" is not a flag of cargo lambda build'],
  ['a flag without its value', { cargoLambdaFlags: ['--color'] },
    'bundling.cargoLambdaFlags[0]: "--color" needs a value: give it as the next argument of the list'],
  ['a flag that an option decides', { cargoLambdaFlags: ['--bin=other'] },
    'bundling.cargoLambdaFlags[0]: "--bin=other" cannot be given: use binaryName (in deploy.toml: [build] binary)'],
  ['a target of another architecture', { cargoLambdaFlags: ['--arm64'] },
    'bundling.cargoLambdaFlags: target "aarch64-unknown-linux-gnu" is not for the architecture x86_64: '
      + 'set "architecture" to match, or use a target that starts with '
    + 'x86_64-unknown-linux'],
  ['an environment variable without a name', { environment: { 'a b': '1' } },
    'bundling.environment: "a b" is not a name of an environment variable'],
  ['no files', { assets: { include: [] } }, 'bundling.assets.include: expected at least one glob, got an empty list'],
  ['an architecture of no Lambda', { architecture: Architecture.custom('riscv64') },
    'architecture "riscv64" is not one that Lambda runs: use Architecture.ARM_64 or Architecture.X86_64'],
])('%s', (_name, bundling, message) => {
  expect(() => check(bundling)).toThrow(expect.objectContaining({ message }));
});

test('flags set the same options, in every form', () => {
  expect(parseFlags('flags', [
    '--debug', '--target=x86_64-unknown-linux-musl', '-Fone,two', '--features', 'three', '-c', 'cargo', '--locked', '-vv',
    '--disable-optimizations', '-j2', '--target-dir', 'there', '--all-features', '--no-default-features',
  ])).toEqual({
    profile: 'dev',
    target: 'x86_64-unknown-linux-musl',
    targetDirectory: 'there',
    compiler: 'cargo',
    features: ['one', 'two', 'three'],
    allFeatures: true,
    noDefaultFeatures: true,
    locked: true,
    rest: ['-vv', '--disable-optimizations', '--jobs', '2'],
  });
});
