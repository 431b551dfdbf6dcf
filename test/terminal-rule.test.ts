import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Linter } from 'eslint';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';

/*
 * All text passes one place on its way to a terminal. That holds as long as nothing else writes there, which a rule of the linter sees to.
 */

const ROOT = join(__dirname, '..');
const RULES = ['no-console', 'no-restricted-properties', 'no-restricted-syntax'];

/** Files whose job it is to write, and functions that run in Lambda. */
const WRITERS = /^src\/(cli\/(.*\/)?terminal\.ts|util\/.*|handlers\/.*)$/;

const configurations = new LegacyESLint({ cwd: ROOT });

/** The rules for a file, as the linter reckons them. */
async function rulesOf(file: string): Promise<Linter.RulesRecord> {
  const { rules } = await configurations.calculateConfigForFile(join(ROOT, file)) as { rules: Linter.RulesRecord };
  return Object.fromEntries(RULES.flatMap((name) => (rules[name] === undefined ? [] : [[name, rules[name]]])));
}

/** Which rules some code breaks. */
function broken(code: string, rules: Linter.RulesRecord): string[] {
  const found = new Linter({ configType: 'eslintrc' }).verify(code, { rules, parserOptions: { ecmaVersion: 2022, sourceType: 'module' } });
  return found.map(({ ruleId, message }) => ruleId ?? message);
}

test('security M2: the rule is on in all sources but those that write', async () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf-8' })
    .filter((file) => file.endsWith('.ts')).map((file) => `src/${file.replace(/\\/g, '/')}`);
  expect(files.length).toBeGreaterThan(200);
  const without: string[] = [];
  for (const file of files) {
    const rules = await rulesOf(relative(ROOT, join(ROOT, file)));
    if (RULES.some((name) => !['error', 2].includes([rules[name] ?? 'off'].flat()[0] as string))) without.push(file);
  }
  expect(without.filter((file) => !WRITERS.test(file))).toEqual([]);
}, 120_000);

test.each([
  'process.stdout.write(text)', 'process.stderr.write(text)', 'const { stderr } = process', 'process["stdout"].write(text)',
  'console.log(text)', 'console.error(text)', 'import { stdout } from "node:process"', 'import process from "process"',
  'import { WriteStream } from "node:tty"',
  'writeSync(2, text)', 'fs.writeSync(1, text)', 'process._rawDebug(text)', 'writeFileSync(2, text)',
  'spawn(program, args, { stdio: "inherit" })', 'spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] })',
  'spawnSync(program, args, { stdio: ["ignore", 2, 2] })',
  'spawn(program, args, { stdio: ["ignore", process.stderr, "pipe"] })',
])('security M2: the rule refuses %s', async (code) => {
  expect(broken(code, await rulesOf('src/cli/stack/status.ts'))).not.toEqual([]);
  expect(broken(code, await rulesOf('src/rust/build/build.ts'))).not.toEqual([]);
}, 120_000);

test.each([
  'print(text)', 'writeFileSync(path, text)', 'writeSync(handle, text)', 'spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })',
])('the rule lets through %s', async (code) => {
  expect(broken(code, await rulesOf('src/cli/stack/status.ts'))).toEqual([]);
}, 120_000);
