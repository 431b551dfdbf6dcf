import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ConfigError, parseDeployFile } from '../../src/config/load/deploy-file';
import { renderScaffold } from '../../src/config/template';

const RUNS = 10_000;

/** Longest time for one file, far above what any takes: a hang is seen, a busy machine is not. */
const MOMENT_MS = 30_000;

const scaffold = renderScaffold({ serverName: 'hello', region: 'us-east-1' });
const SEEDS = [
  readFileSync(join(__dirname, 'fixtures', 'cargo-pmcp-init.toml'), 'utf-8'),
  scaffold,
  scaffold.replace(/^#(?=\S)/gm, ''),
  readFileSync(join(__dirname, 'fixtures', 'everything.toml'), 'utf-8'),
].map((text) => text.split('\n').filter((line) => !line.startsWith('# ')));

const VALUES = [
  '0', '-1', '1e400', 'inf', 'nan', '99999999999999999999', '0x10', '1979-05-27T07:32:00Z', '07:32:00', 'true', '""', '" "', '"*"', '"\\u0000"',
  '[]', '[[]]', '[1, "a", {}]', '{}', '{ a = { b = {} } }', '"${Token[TOKEN.1]}"', '"../../etc"', '"\\u001b[31m"', '"arn:aws:s3:::*"', "'''\nx\n'''",
  '"prod"', '"hello"', '["*"]', '["iam:*"]', '1.5', '"é😀"',
];
const KEYS = ['__proto__', 'constructor', 'toString', '""', '"a b"', 'name', 'servers', 'stages.prod', 'stages.default', 'region', 'hasOwnProperty', 'a.b.c', 'length'];

const at = fc.nat(400);
const mutation = fc.oneof(
  fc.tuple(fc.constant('delete' as const), at, fc.constant('')),
  fc.tuple(fc.constant('repeat' as const), at, fc.constant('')),
  fc.tuple(fc.constant('swap' as const), at, fc.constant('')),
  fc.tuple(fc.constant('value' as const), at, fc.constantFrom(...VALUES)),
  fc.tuple(fc.constant('key' as const), at, fc.constantFrom(...KEYS)),
  fc.tuple(fc.constant('header' as const), at, fc.constantFrom(...KEYS.flatMap((key) => [`[${key}]`, `[[${key}]]`, `[stages.prod.${key}]`]))),
  fc.tuple(fc.constant('insert' as const), at, fc.string({ unit: 'binary', maxLength: 8 })),
  fc.tuple(fc.constant('cut' as const), at, fc.constant('')),
);

function mutate(lines: readonly string[], [kind, place, text]: [string, number, string]): string[] {
  const index = place % Math.max(1, lines.length);
  const line = lines[index] ?? '';
  const column = place % Math.max(1, line.length);
  const replaced = {
    delete: [],
    repeat: [line, line],
    swap: [[...line].reverse().join('')],
    value: [line.replace(/=.*/, () => `= ${text}`)],
    key: [line.replace(/^[^=]*=/, () => `${text} =`)],
    header: [text, line],
    insert: [line.slice(0, column) + text + line.slice(column)],
    cut: [line.slice(0, column)],
  }[kind]!;
  return [...lines.slice(0, index), ...replaced, ...lines.slice(index + 1)];
}

test(`each of ${RUNS} mutated files gives a configuration or a clean error`, () => {
  const path = join(tmpdir(), 'deploy.toml');
  const outcomes = { valid: 0, refused: 0 };
  const toml = fc.record({ seed: fc.constantFrom(...SEEDS), mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }), stage: fc.constantFrom(undefined, 'prod') });
  fc.assert(fc.property(toml, ({ seed, mutations, stage }) => {
    const bytes = Buffer.from(mutations.reduce<string[]>(mutate, [...seed]).join('\n'));
    const start = performance.now();
    try {
      const file = parseDeployFile(path, bytes, { stage });
      outcomes.valid++;
      expect(file.servers.length).toBeGreaterThan(0);
      expect(file.stackName).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      outcomes.refused++;
      expect(error.message.replaceAll(path, 'FILE')).toMatch(/^FILE(:\d+:\d+:| has no stage)/);
      expect(error.message).not.toMatch(/[^\P{Cc}\n]|\bat .*\.ts:|undefined|\[object/u);
      expect(error.stack).toBe(error.message);
    }
    expect(performance.now() - start).toBeLessThan(MOMENT_MS);
  }), { numRuns: RUNS, seed: 20_260_728, endOnFailure: true });
  expect(Math.min(outcomes.valid, outcomes.refused)).toBeGreaterThan(RUNS / 50);
}, 60_000);

test('random bytes give a clean error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    expect(() => parseDeployFile('deploy.toml', bytes)).toThrow(ConfigError);
  }), { numRuns: 1000, seed: 1 });
});

test.each([
  ['nesting', `a = ${'['.repeat(100_000)}`],
  ['dotted keys', `${'a.'.repeat(50_000)}a = 1`],
  ['headers', Array.from({ length: 20_000 }, (_, index) => `[t${index}]`).join('\n')],
  ['a long line', `[aws]\nregion = "${'x'.repeat(1_000_000)}"`],
  ['many servers', `[aws]\nregion = "us-east-1"\n[server]\nname = "a"\n${Array.from({ length: 5000 }, (_, index) => `[[servers]]\nname = "s${index}"`).join('\n')}`],
  ['many stages', `[aws]\nregion = "us-east-1"\n[server]\nname = "a"\n${Array.from({ length: 5000 }, (_, index) => `[stages.s${index}]`).join('\n')}`],
  ['wildcards', `[aws]\nregion = "us-east-1"\n[server]\nname = "a"\n[[iam.statements]]\neffect = "Allow"\nactions = ["s3:${'*?a'.repeat(2000)}!"]\nresources = ["*"]`],
])('much of one thing (%s) gives a clean error in no time', (_, text) => {
  const start = performance.now();
  expect(() => parseDeployFile('deploy.toml', Buffer.from(text))).toThrow(ConfigError);
  expect(performance.now() - start).toBeLessThan(MOMENT_MS);
});
