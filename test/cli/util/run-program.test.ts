import { readFileSync } from 'node:fs';
import { build } from '../../../src/cli/dev/build';
import { startServer } from '../../../src/cli/dev/server';
import { readProject } from '../../../src/cli/project/project';
import { runProgram } from '../../../src/cli/util/run-program';
import { setVerbose } from '../../../src/cli/util/terminal';
import { onCleanup, temporaryFolder, TestProject, write } from '../support/project';
import { HOSTILE, steering } from '../support/steering';

/** What is written to standard error meanwhile. */
function terminal(): { text: string } {
  const seen = { text: '' };
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((seen.text += String(text)), true));
  onCleanup(() => spy.mockRestore());
  return seen;
}

const before = process.env.FORCE_COLOR;
beforeEach(() => {
  process.env.FORCE_COLOR = '1';
});
afterEach(() => {
  setVerbose(false);
  if (before === undefined) delete process.env.FORCE_COLOR;
  else process.env.FORCE_COLOR = before;
});

/** A program that writes hostile text to both streams. */
function program(code = 0): string[] {
  const [out, err] = ['out', 'err'].map((word) => JSON.stringify(`${word}${HOSTILE}\n`));
  return ['-e', `process.stdout.write(${out}); process.stderr.write(${err}); process.exitCode = ${code};`];
}

/** All that steers but the colours of the program, which may have some. */
function obeyed(text: string): string[] {
  return steering(text.replace(/\u001b\[(32|0)m/g, ''));
}

test.each([
  ['terminal', ['out', 'err'], ''], ['progress', ['err'], ''], ['answer', ['err'], `out${HOSTILE}\n`],
] as const)('security M2: of a program with output "%s", %j is shown, and not obeyed', async (output, shown, kept) => {
  const seen = terminal();
  expect(await runProgram(process.execPath, program(4), { output })).toEqual({ code: 4, stdout: kept, stderr: '' });
  expect(obeyed(seen.text)).toEqual([]);
  expect(['out', 'err'].filter((word) => seen.text.includes(`${word}\\x1b]52;c;`))).toEqual(shown);
});

test('security M2: a program that asks has its output filtered too where nobody can answer', async () => {
  const seen = terminal();
  expect((await runProgram(process.execPath, program(), { output: 'terminal', asks: true })).code).toBe(0);
  expect(obeyed(seen.text)).toEqual([]);
  expect(seen.text).toContain('\\x1b]52;c;');
});

test('programs that are collected are collected as they are', async () => {
  const seen = terminal();
  expect(await runProgram(process.execPath, program())).toEqual({ code: 0, stdout: `out${HOSTILE}\n`, stderr: `err${HOSTILE}\n` });
  expect(seen.text).toBe('');
});

test('security L3: --verbose shows no password of a URL', async () => {
  const seen = terminal();
  setVerbose(true);
  await runProgram(process.execPath, ['-e', '0', 'https://me:s3cret@example.com/a']);
  expect(seen.text).toContain('-e 0 https://***@example.com/a');
});

test('a process that is left behind does not keep us', async () => {
  terminal();
  expect((await runProgram('sh', ['-c', 'sleep 60 & exit 0'], { output: 'terminal' })).code).toBe(0);
}, 20_000);

test('security M2: what the server of "dev" writes is shown, and not obeyed', async () => {
  const path = write(`${temporaryFolder()}/server`, `#!${process.execPath}\n${program()[1]}`, 0o755);
  const seen = terminal();
  expect(await startServer(path, process.cwd(), 0, process.env).ended).toBe('exit code 0');
  expect(obeyed(seen.text)).toEqual([]);
  expect(['out', 'err'].filter((word) => seen.text.includes(`${word}\\x1b]52;c;`))).toEqual(['out', 'err']);
});

test('security M2 and L4: what the build of "dev" writes is shown, and not obeyed; it gets no credentials', async () => {
  const project = new TestProject();
  project.tool('cargo', 'env > "$(dirname "$0")/env"; printf "error: \\033]52;c;eA==\\007\\033[1mbad\\033[0m\\n" >&2; exit 101');
  const seen = terminal();
  const environment = process.env;
  onCleanup(() => {
    process.env = environment;
  });
  process.env = {
    ...project.environment('/usr/bin', '/bin'),
    FORCE_COLOR: '1',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'eu-west-1',
    PMCP_DEPLOY_TOKEN: 'x',
  };
  const cwd = process.cwd();
  process.chdir(project.root);
  onCleanup(() => process.chdir(cwd));
  const target = { package: 'a', binary: 'a', manifestPath: 'Cargo.toml', folder: '.' };
  expect(await build(readProject(undefined), target, false)).toBeUndefined();
  expect(seen.text).toBe('error: \\x1b]52;c;eA==\\x07\u001b[1mbad\u001b[0m\n');
  const names = readFileSync(`${project.root}/tools/env`, 'utf-8').split('\n').map((line) => line.split('=')[0]);
  expect(names).toContain('AWS_REGION');
  expect(names.filter((name) => /SECRET|TOKEN/.test(name))).toEqual([]);
});
