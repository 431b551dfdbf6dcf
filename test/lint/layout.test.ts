import { circles, importsOf, layoutErrors, MAX_FILES_IN_A_FOLDER, MAX_LINE_LENGTH } from '../../projenrc/lint/layout';
import { foldersOf, sourceFiles } from '../../projenrc/lint/sources';

const sources = (files: Record<string, string>) => new Map(Object.entries(files));

describe('the imports of a file', () => {
  const files = new Set(['src/a.ts', 'src/b/index.ts', 'src/b/c.ts', 'src/index.ts']);

  test.each<[what: string, file: string, text: string, expected: string[]]>([
    ['a file', 'src/a.ts', "import { c } from './b/c';", ['src/b/c.ts']],
    ['the index of a folder', 'src/a.ts', "import { b } from './b';", ['src/b/index.ts']],
    ['a file of a folder above', 'src/b/c.ts', "import { a } from '../a';", ['src/a.ts']],
    ['a type', 'src/a.ts', "import type { C } from './b/c';", ['src/b/c.ts']],
    ['one type of several names', 'src/a.ts', "import { type C, d } from './b/c';", ['src/b/c.ts']],
    ['a type within a type', 'src/a.ts', "let c: import('./b/c').C;", ['src/b/c.ts']],
    ['a re-export', 'src/a.ts', "export * from './b';\nexport type { C } from './b/c';", ['src/b/index.ts', 'src/b/c.ts']],
    ['a lazy import', 'src/a.ts', "async function f() { await import('./b/c'); }", ['src/b/c.ts']],
    ['the same file twice', 'src/a.ts', "import { c } from './b/c';\nimport type { C } from './b/c';", ['src/b/c.ts']],
    ['packages, and files outside of the sources', 'src/a.ts', "import { z } from 'zod';\nimport data from '../data.json';", []],
    ['the text of an import in a string', 'src/a.ts', "const text = \"import { c } from './b/c';\";", []],
  ])('%s', (_, file, text, expected) => {
    expect(importsOf(file, text, files)).toEqual(expected);
  });
});

describe('circles', () => {
  test.each<[what: string, graph: Record<string, string[]>, expected: string[][]]>([
    ['a line has none', { a: ['b'], b: ['c'], c: [] }, []],
    ['a diamond has none', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['a node that imports itself is not one', { a: ['a'] }, []],
    ['two nodes', { a: ['b'], b: ['a'] }, [['a', 'b']]],
    ['only the nodes of the circle, not those before and after it', { a: ['b'], b: ['c'], c: ['d', 'b'], d: [] }, [['b', 'c']]],
    ['two circles with a common node are one group', { a: ['b', 'c'], b: ['a'], c: ['a'] }, [['a', 'b', 'c']]],
    ['two separate circles', { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] }, [['c', 'd'], ['a', 'b']]],
  ])('%s', (_, graph, expected) => {
    expect(circles(new Map(Object.entries(graph)))).toEqual(expected);
  });
});

describe('the layout', () => {
  test('a circle of type imports is an error', () => {
    expect(layoutErrors(sources({
      'src/a.ts': "import type { B } from './b';\nexport interface A { readonly b: B }\n",
      'src/b.ts': "import { type A } from './a';\nexport interface B { readonly a: A }\n",
    }))).toEqual(['these files import each other, directly or through others: src/a.ts, src/b.ts']);
  });

  test('a folder with too many files is an error; files of folders in it do not count', () => {
    const files = (folder: string, count: number) => (
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/f${index}.ts`, '']))
    );
    expect(layoutErrors(sources({ ...files('src/a', MAX_FILES_IN_A_FOLDER), ...files('src/a/b', 1) }))).toEqual([]);
    expect(layoutErrors(sources(files('src/a', MAX_FILES_IN_A_FOLDER + 1))))
      .toEqual(['src/a has 16 files, more than 15: group them in folders']);
  });

  test('a long line is an error, with its place', () => {
    expect(layoutErrors(sources({ 'src/a.ts': `\n// ${'x'.repeat(MAX_LINE_LENGTH - 3)}\n` }))).toEqual([]);
    expect(layoutErrors(sources({ 'src/a.ts': `\n// ${'x'.repeat(MAX_LINE_LENGTH - 2)}\n` })))
      .toEqual(['src/a.ts:2: 141 characters; at most 140 are allowed']);
  });
});

test('the sources of the repository are found', () => {
  expect(sourceFiles()).toEqual(expect.arrayContaining(['src/index.ts', 'src/cli/program.ts']));
  expect(foldersOf(['src/cli/util/a.ts', 'src/b.ts'])).toEqual(['src', 'src/cli', 'src/cli/util']);
});
