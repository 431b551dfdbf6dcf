import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { createProgram } from '../src/cli/program';
import { ExitCode } from '../src/cli/util/errors';

const ROOT = join(__dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf-8');

/** The names in the first columns of the tables of a section. */
function rowsOf(heading: string): string[] {
  const section = readme.slice(readme.indexOf(`\n## ${heading}\n`)).split(/\n## /)[1];
  return [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
}

test('the README is short, and its lines are too', () => {
  const lines = readme.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(220);
  expect(lines.filter((line) => line.length > 150)).toEqual([]);
});

test('the README has every command once', () => {
  expect(rowsOf('Commands').sort()).toEqual(createProgram().commands.map((command) => command.name()).sort());
});

test('the README has every exit code', () => {
  const codes = Object.values(ExitCode).filter((code) => typeof code === 'number');
  const sentence = /^Exit codes: ([^]+?)\.[ \n]/m.exec(readme)![1];
  expect([...sentence.matchAll(/(?:^|,\s)(\d+) /g)].map(([, code]) => Number(code))).toEqual(codes);
});

test('the README has every property that McpRustLambda has of its own', () => {
  const text = readFileSync(join(ROOT, 'src', 'mcp-rust-lambda-props.ts'), 'utf-8');
  const source = ts.createSourceFile('props.ts', text, ts.ScriptTarget.Latest);
  const props = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'McpRustLambdaProps');
  const names = props!.members.map((member) => (member.name as ts.Identifier).text);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !rowsOf('The construct').includes(name))).toEqual([]);
});
