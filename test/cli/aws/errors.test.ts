import { explainAwsError, isTransient, reasonOf } from '../../../src/cli/aws/errors';
import { CliError, ExitCode } from '../../../src/cli/util/errors';

const failure = (name: string, httpStatusCode: number, message = name) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

test.each([
  [failure('ThrottlingException', 400), true],
  [failure('TooManyRequestsException', 429), true],
  [failure('InternalFailure', 500), true],
  [failure('SyntaxError', 502, 'Unexpected token < in JSON\nDeserialization error'), true],
  [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), true],
  [Object.assign(new Error('fetch failed'), { cause: { code: 'ENOTFOUND' } }), true],
  [Object.assign(new Error('fetch failed'), { code: 'EHOSTUNREACH' }), true],
  [Object.assign(new Error('no answer'), { name: 'TimeoutError' }), true],
  [failure('AccessDeniedException', 400), false],
  [failure('ExpiredTokenException', 400), false],
  [failure('ResourceNotFoundException', 404), false],
  [new TypeError('a bug'), false],
])('%s is transient: %s', (error, transient) => {
  expect(isTransient(error)).toBe(transient);
});

test('a reason is one line', () => {
  expect(reasonOf(failure('SyntaxError', 502, 'Unexpected token < in JSON\nDeserialization error'))).toBe('HTTP 502');
  expect(reasonOf(failure('ThrottlingException', 400, 'Rate exceeded'))).toBe('Rate exceeded');
});

test('a failure of AWS is reported as such, with exit code 2', () => {
  const explained = explainAwsError(failure('SyntaxError', 503, 'Unexpected token'), 'reading the logs', { region: 'us-east-1' });
  expect(explained).toBeInstanceOf(CliError);
  expect(explained).toMatchObject({ message: 'AWS failed with HTTP 503 in every attempt while reading the logs', exitCode: ExitCode.AWS_FAILURE });
});
