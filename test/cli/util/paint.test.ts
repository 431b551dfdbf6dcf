import { colour, painted, paintedLine } from '../../../src/cli/util/paint';

test('our colours are colours, where they are wanted', () => {
  expect(painted(`${colour.green('✔')} ${colour.dim('x')}`, true)).toBe('\u001b[32m✔\u001b[39m \u001b[2mx\u001b[22m');
  expect(painted(`${colour.green('✔')} ${colour.dim('x')}`, false)).toBe('✔ x');
});

test.each([
  '\u001b[32m', '\u001b[0m', '\u001b[m', '\u001b[1000;1000;1000;32m', '\u001b[38;5;2m', '\u009b32m',
])('security M2: nobody else has colours: %j', (sequence) => {
  const shown = sequence.replace('\u001b', '\\x1b').replace('\u009b', '\\x9b');
  for (const colours of [true, false]) expect(painted(`${sequence}✔`, colours)).toBe(`${shown}✔`);
});

test('security M2: a colour of ours around a text does not let its colours through', () => {
  expect(painted(colour.red('failed\u001b[32m✔ passed'), true)).toBe('\u001b[31mfailed\\x1b[32m✔ passed\u001b[39m');
});

test('a line stays a line, and keeps its colours', () => {
  expect(painted(paintedLine(`${colour.cyan('a')}\n\tb\u001b[2J`), true)).toBe('\u001b[36ma\u001b[39m\\n\\tb\\x1b[2J');
});
