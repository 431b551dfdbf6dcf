import { Readable } from 'node:stream';
import { withoutUserinfo } from '../../../src/util/text/redact';
import { oneLine, visible, visibleJson } from '../../../src/util/text/visible';
import { VisibleStream } from '../../../src/util/text/visible-stream';

test.each([
  ['C0, but for line feed and tab', 'a\n\tb\0\u0007\b\v\f\r\u001b[2J', 'a\n\tb\\x00\\x07\\x08\\x0b\\x0c\\x0d\\x1b[2J'],
  ['DEL', 'a\u007fb', 'a\\x7fb'],
  ['C1', '\u0080\u009b2J\u009d0;x\u009c\u0085', '\\x80\\x9b2J\\x9d0;x\\x9c\\x85'],
  ['directions', '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069',
    '\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{202b}\\u{202c}\\u{202d}\\u{202e}\\u{2066}\\u{2067}\\u{2068}\\u{2069}'],
  ['separators of lines', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['no width', '\u200b\u200c\u200d\u2060\u2063\ufeff\u00ad\u034f\u3164\u{1d173}',
    '\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{2063}\\u{feff}\\xad\\u{34f}\\u{3164}\\u{1d173}'],
  ['tags', 'a\u{e0001}\u{e0041}\u{e007f}\u{e0100}', 'a\\u{e0001}\\u{e0041}\\u{e007f}\\u{e0100}'],
  ['halves of pairs', 'a\ud800b\udc00', 'a\\u{d800}b\\u{dc00}'],
  ['what people write stays', 'Grüße, 東京, مرحبا, ⚠️ 🎉 é – “x”\u00a0', 'Grüße, 東京, مرحبا, ⚠️ 🎉 é – “x”\u00a0'],
])('security M2: %s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(visible(text))).toBe(shown);
});

test('security M2: no code point but line feed and tab gets through that a terminal could obey', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const shown = visible(String.fromCharCode(code));
    const control = (code < 0x20 && code !== 9 && code !== 10) || (code >= 0x7f && code <= 0x9f);
    const obeyed = control || /\p{Bidi_Control}/u.test(String.fromCharCode(code));
    if (obeyed) expect(shown).toMatch(/^\\(x[0-9a-f]{2}|u\{[0-9a-f]+\})$/);
  }
});

test('security L10: a value within a line makes no line of its own', () => {
  expect(oneLine('a\r\nERROR all is lost\tx')).toBe('a\\x0d\\nERROR all is lost\\tx');
});

test('security L10: JSON has the same value, and nothing that a terminal obeys', () => {
  const value = { 'k\u009b\n': 'a\u001b\u007f\u009b\u202e\u2028\ud800\u{e0041}é🎉' };
  for (const indent of [undefined, 2]) {
    const text = visibleJson(value, indent)!;
    expect(JSON.parse(text)).toEqual(value);
    expect(visible(text)).toBe(text);
  }
  expect(visibleJson(value)).toBe('{"k\\u009b\\n":"a\\u001b\\u007f\\u009b\\u202e\\u2028\\ud800\\udb40\\udc41é🎉"}');
});

/** What a terminal gets of what a program writes in pieces. */
async function passed(pieces: readonly (string | Buffer)[], colours = true): Promise<string> {
  const texts = await Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(new VisibleStream(colours)).toArray();
  return texts.join('');
}

describe('security M2: what another program writes', () => {
  const HOSTILE = '\u001b]52;c;Y3VybA==\u0007\u001b]0;title\u001b\\\r\u001b[2K\u001b[1A\u001b[2J\u009b2J\u202eok\u001b[32mgreen\u001b[0m\n';
  const SHOWN = '\\x1b]52;c;Y3VybA==\\x07\\x1b]0;title\\x1b\\\\x0d\\x1b[2K\\x1b[1A\\x1b[2J\\x9b2J\\u{202e}ok\u001b[32mgreen\u001b[0m\n';

  test('has colours, and nothing else', async () => {
    expect(await passed([HOSTILE])).toBe(SHOWN);
  });

  test('is the same in whatever pieces it comes', async () => {
    const bytes = Buffer.from(HOSTILE + 'é🎉\r\n');
    for (let size = 1; size <= 9; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(await passed(pieces)).toBe(`${SHOWN}é🎉\n`);
    }
  });

  test('has no colours where none are wanted', async () => {
    expect(await passed(['\u001b[1m\u001b[38;5;12mx\u001b[0m\n'], false)).toBe('x\n');
  });

  test('ends its colours with its line', async () => {
    expect(await passed(['\u001b[32mgreen\nplain'])).toBe('\u001b[32mgreen\u001b[0m\nplain');
    expect(await passed(['\u001b[31mred'])).toBe('\u001b[31mred\u001b[0m');
  });

  test.each(['8', '5', '6', '31;8', '38;5', '38', '58;5;1', '999'])('does not conceal or blink: %s', async (parameters) => {
    expect(await passed([`\u001b[${parameters}mx`])).toBe(`\\x1b[${parameters}mx`);
  });

  test('is shown to its end, unfinished as it is', async () => {
    expect(await passed(['a\u001b[3'])).toBe('a\\x1b[3');
    expect(await passed(['50 %\r'])).toBe('50 %\\x0d');
    expect(await passed([Buffer.from([0x61, 0x9b, 0x32, 0xc3])])).toBe('a\ufffd2\ufffd');
  });
});

test.each([
  ['https://ghp_x@github.com/a/b', 'https://***@github.com/a/b'],
  ['https://user:p@ss:w@github.com/a@v1', 'https://***@github.com/a@v1'],
  ['fatal: cannot access \'https://u:p\'s@h/x\': no', 'fatal: cannot access \'https://***@h/x\': no'],
  ['ssh://git@github.com/a and HTTPS://t@h', 'ssh://***@github.com/a and HTTPS://***@h'],
  ['git@github.com:a/b.git, mail@example.com, https://h/a@b?c=d@e', 'git@github.com:a/b.git, mail@example.com, https://h/a@b?c=d@e'],
])('security L3: %s has no user', (text, redacted) => {
  expect(withoutUserinfo(text)).toBe(redacted);
});
