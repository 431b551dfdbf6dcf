import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../projenrc/lint/sources';
import { readableTexts } from '../../projenrc/lint/texts';
import { ALLOWED, misuses, rulesOf, TEXTS } from '../../projenrc/lint/words';

const rules = rulesOf(readFileSync(join(ROOT, 'docs', 'style.md'), 'utf-8'));
const found = (file: string, text: string) => misuses(file, text, rules).map(({ line, column, words }) => `${line}:${column} ${words}`);

/** Texts that the rules refuse, with the words that they refuse; and texts that they accept. */
const REFUSED: ReadonlyArray<readonly [text: string, words: string]> = [
  ['It is no prefix.', 'is no'],
  ['It is none.', 'is none'],
  ['Mend it.', 'Mend'],
  ['It was mended.', 'mended'],
  ['It goes on.', 'goes on'],
  ['It went on.', 'went on'],
  ['Nobody knows.', 'Nobody'],
  ["Somebody's file.", "Somebody's"],
  ['It fails for want of memory.', 'for want of'],
  ['The path leads to the function.', 'leads to'],
  ['This led to an error.', 'led to'],
  ['What becomes of the logs.', 'What becomes of'],
  ['The front door.', 'front door'],
  ['A mail address.', 'mail address'],
  ['In small letters.', 'small letters'],
  ['The file beside it.', 'beside'],
  ['A heeded key.', 'heeded'],
  ['An unheeded key.', 'unheeded'],
  ["One's own domain.", "One's own"],
  ['Whoever calls.', 'Whoever'],
  ['They run in turns.', 'in turns'],
  ['It reckons the cost.', 'reckons'],
  ['All but for one.', 'but for'],
  ['Where there is a file.', 'Where there is'],
  ['It has got a token.', 'has got'],
  ['By no means.', 'By no means'],
  ['Whereupon it ends.', 'Whereupon'],
  ['It looks after the files.', 'looks after'],
  ['A key is good for two hours.', 'is good for'],
  ['It does without a lock.', 'does without'],
  ['They exclude each other.', 'exclude each other'],
  ['It stands in the file.', 'stands in'],
  ['The very same stack.', 'very same'],
  ['Signs up unasked.', 'unasked'],
  ['It is warned of.', 'is warned of'],
  ['It is not to be found.', 'not to be found'],
  ['Text from elsewhere.', 'from elsewhere'],
  ['The server is told.', 'is told'],
  ['What it takes.', 'What it takes'],
  ['It is of no use.', 'of no use'],
];

const ACCEPTED: readonly string[] = [
  'It is no longer used.', 'There is no file.', 'There are no files.', 'It is no more than a name.', 'An e-mail address.',
  'A mailing list.', 'Besides, it works.', 'Amend the commit.', 'It is nothing but for show.', 'It stands in for another.',
  'Go to the next one.', 'The lead engineer.',
  'Small numbers.', 'It does so without a lock.', 'Tell the server.',
];

describe('the rules of docs/style.md', () => {
  test('the table is read', () => {
    expect(rules.length).toBeGreaterThan(25);
    expect(rules.filter(({ instead }) => instead.trim() === '')).toEqual([]);
    expect(rulesOf('| not | but |\n| --- | --- |\n| `a\\|b c` | d, e |\n'))
      .toEqual([{ pattern: /a|b\s+(?:[*/#>!]+\s+)?c/gi, instead: 'd, e' }]);
  });

  test.each(REFUSED)('refuses "%s"', (text, words) => {
    expect(misuses('a.md', text, rules).map((misuse) => misuse.words)).toEqual([words]);
  });

  test.each(ACCEPTED)('accepts "%s"', (text) => {
    expect(found('a.md', text)).toEqual([]);
  });

  test('each rule has an example', () => {
    const unused = rules.filter(({ pattern }) => !REFUSED.some(([text]) => text.search(pattern) >= 0));
    expect(unused.map(({ pattern }) => pattern.source)).toEqual([]);
  });

  test('a misuse has its place and what to write', () => {
    expect(misuses('a.md', 'One.\n\nThen mend it.\n', rules)).toEqual([{ line: 3, column: 6, words: 'mend', instead: 'fix' }]);
  });
});

describe('what is text in TypeScript', () => {
  test.each<[what: string, source: string, expected: string[]]>([
    ['a line comment', 'a(); // mend it', ['1:9 mend']],
    ['a docstring', '/** Mend it. */\nclass A {}', ['1:5 Mend']],
    ['a comment before a closing bracket', 'f(() => {\n  a();\n  // mend it\n});', ['3:6 mend']],
    ['a comment at the end of the file', 'a();\n// mend it\n', ['2:4 mend']],
    ['a comment between arguments', 'f(a, /* mend it */ b);', ['1:9 mend']],
    ['a string', "throw new Error('mend it');", ['1:18 mend']],
    ['the parts of a template', 'const a = `mend ${mend} and mend ${mend} and mend it`;', ['1:12 mend', '1:29 mend', '1:46 mend']],
    ['a template without values', 'const a = `mend it`;', ['1:12 mend']],
    ['words across the lines of a comment', '// It goes\n// on.', ['1:7 goes // on']],
    ['words across the lines of a docstring', '/**\n * It goes\n * on.\n */', ['2:7 goes * on']],
    ['words across strings that are joined', "const a = 'it goes '\n  + 'on';", ['1:15 goes on']],
  ])('%s is', (_, source, expected) => {
    expect(found('a.ts', source)).toEqual(expected);
  });

  test.each<[what: string, source: string]>([
    ['an identifier', 'const mend = nobody.beside();'],
    ['a module', "import { a } from './beside';\nexport * from '../mend';\nawait import('./nobody');"],
    ['a key, or a value, that is one word', "const a = { 'mend': 1, type: 'nobody' };\nif (a['mend'] === 'beside') b();"],
    ['a literal type', "type A = 'mend' | 'beside';"],
    ['inline code in a comment', '// `mend` calls `nobody beside`.'],
    ['an address', '// See https://example.com/mend/beside#nobody'],
    ['a regular expression', 'const a = /mend beside/;'],
    ['words on both sides of code', "// what it goes\na();\n// on and on\nf('it goes', 'on');"],
    ['the code in a template', 'const a = `${mend} ${beside(nobody)}`;'],
  ])('%s is not', (_, source) => {
    expect(found('a.ts', source)).toEqual([]);
  });
});

describe('what is text in other files', () => {
  test.each<[file: string, source: string, expected: string[]]>([
    ['a.md', 'Mend `mend` and [mend](mend.md), https://example.com/mend.', ['1:1 Mend', '1:18 mend']],
    ['a.md', '```sh\npmcp-deploy # mend it\n```', ['2:15 mend']],
    ['a.md', '- It goes\n  on.\n> It goes\n> on.', ['1:6 goes on', '3:6 goes > on']],
    ['a.py', 'if mend is None: # mend it\n    """Mend\n    it."""\n    raise Error("mend it")', ['1:20 mend', '2:8 Mend', '4:18 mend']],
    ['a.py', "x = 'mend' # it's not \"beside\nbeside = 'it is None'", ['1:24 beside', '2:14 is None']],
    [
      'a.rs', '//! Mend it.\n/// It goes\n/// on.\nfn mend() { panic!("mend it \\" beside"); }',
      ['1:5 Mend', '2:8 goes /// on', '4:21 mend', '4:32 beside'],
    ],
    [
      'a.rs', 'let a: &\'static str = r#"mend "it""#; // nobody\nlet b = \'"\'; mend("beside"); /* mend it */',
      ['1:26 mend', '1:42 nobody', '2:33 mend'],
    ],
    ['a.yml', 'about: Mend it, see https://example.com/mend', ['1:8 Mend']],
    ['a.toml', '# mend it', ['1:3 mend']],
    ['a.cjs', 'mend(); // mend it', ['1:12 mend']],
  ])('%s: %s', (file, source, expected) => {
    expect(found(file, source)).toEqual(expected);
  });

  test('texts keep their places', () => {
    for (const file of ['a.ts', 'a.md', 'a.py', 'a.rs', 'a.yml']) {
      const source = 'const a = "b c"; // `d` e\nf(\'g h\' +\n  "i j") # k';
      expect(readableTexts(file, source)).toHaveLength(source.length);
      expect(readableTexts(file, source).split('\n').map((line) => line.length)).toEqual(source.split('\n').map((line) => line.length));
    }
  });
});

test('files that are checked, and files that are left out, exist', () => {
  expect([...TEXTS, ...ALLOWED.keys()].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('a file is left out for a reason', () => {
  for (const [path, reason] of ALLOWED) {
    expect(TEXTS.some((text) => path.startsWith(text))).toBe(true);
    expect(reason).not.toBe('');
  }
});
