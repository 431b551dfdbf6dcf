import { report } from '../../src/cli/main';
import { CliError } from '../../src/cli/util/errors';
import { setVerbose } from '../../src/cli/util/terminal';

function reported(error: unknown): string {
  let stderr = '';
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
  try {
    expect(report(error)).toBe(1);
  } finally {
    spy.mockRestore();
  }
  return stderr;
}

afterEach(() => setVerbose(false));

test('a user error is shown with its hint, and without a stack trace', () => {
  expect(reported(new CliError('no such stage', { hint: 'name another' }))).toBe('error: no such stage\n  name another\n');
});

test('an unexpected error asks to be reported', () => {
  expect(reported(new TypeError('x is undefined'))).toBe('error: x is undefined\n'
    + '  this is a bug: run again with --verbose, and report the output at https://github.com/pmcp-deploy/pmcp-deploy/issues\n');
});

test('a value that is not an Error is shown too', () => {
  expect(reported('odd')).toMatch(/^error: odd\n/);
});

test('--verbose shows where an error came from', () => {
  setVerbose(true);
  expect(reported(new TypeError('x is undefined'))).toMatch(/^error: x is undefined\nTypeError: x is undefined\n\s+at .*main\.test\.ts/);
});
