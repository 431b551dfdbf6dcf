import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf, sourceFiles } from '../projenrc/lint/sources';

/*
 * docs/architecture.md is a map of the source, and CONTRIBUTING.md a walk through it: every path in them exists, and every folder has a
 * row in the map.
 */

const ROOT = join(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf-8');
const text = read('docs/architecture.md');

/** Folders that are not in the repository: git ignores them. */
const IGNORED = ['bin', 'coverage', 'dist', 'lib', 'node_modules', 'target', 'test-reports'];

/** Paths in backticks: what begins with a file or folder of the repository's root, and has no placeholder. */
function pathsIn(document: string): string[] {
  const roots = readdirSync(ROOT).filter((name) => !IGNORED.includes(name));
  const codes = [...document.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  return [...new Set(codes.filter((code) => roots.includes(code.split('/')[0]) && !/[<*]/.test(code)))];
}

/** The folders that have a row of a table. */
function rowsOf(document: string): string[] {
  return [...document.matchAll(/^\| `([^`]+)` \|/gm)].map(([, folder]) => folder);
}

test('paths and rows are found', () => {
  expect(pathsIn('`src/index.ts`, `server.name`, `.projenrc.ts`, `lib/index.js`, `src/<name>.ts`, `src/nothing.ts`'))
    .toEqual(['src/index.ts', '.projenrc.ts', 'src/nothing.ts']);
  expect(pathsIn(text).length).toBeGreaterThan(100);
  expect(rowsOf('| `src/auth` | who may call |\n| looking for | `src/cli` |')).toEqual(['src/auth']);
});

test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('every path in %s exists', (document) => {
  expect(pathsIn(read(document)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every folder of src has exactly one row in docs/architecture.md', () => {
  const rows = rowsOf(text);
  expect(foldersOf(sourceFiles()).filter((folder) => rows.filter((row) => row === folder).length !== 1)).toEqual([]);
});

test('every other folder of the repository has a row, or its folders have', () => {
  const rows = rowsOf(text);
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    .filter((name) => !name.startsWith('.') && !IGNORED.includes(name));
  expect(folders.filter((name) => !rows.some((row) => row === name || row.startsWith(`${name}/`)))).toEqual([]);
});

test('the section "Where is …?" answers at least 30 questions', () => {
  const section = text.slice(text.indexOf('## Where is'));
  expect([...section.matchAll(/^\| (?!looking for|---).+\| .*`.+`.*\|$/gm)].length).toBeGreaterThanOrEqual(30);
});
