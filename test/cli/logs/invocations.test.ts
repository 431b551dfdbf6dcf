import { createColors } from 'picocolors';
import { event } from './events';
import { Invocations } from '../../../src/cli/logs/invocations';
import { renderText, renderJson } from '../../../src/cli/logs/render';

const ID = '8f507cfc-b3b1-4f1b-9f57-2f2bd4f5b5a5';

function entries(...messages: unknown[]) {
  const invocations = new Invocations();
  return messages.map((message) => invocations.entryOf(event(message)));
}

describe('what Lambda says in plain text', () => {
  const REPORT = `REPORT RequestId: ${ID}\tDuration: 12.34 ms\tBilled Duration: 24 ms\tMemory Size: 512 MB\tMax Memory Used: 25 MB`;

  test('becomes one line with duration, memory and start', () => {
    const [init, start, line, end, report] = entries(
      'INIT_START Runtime Version: provided:al2023.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:1\n',
      `START RequestId: ${ID} Version: 7\n`, 'hello\n', `END RequestId: ${ID}\n`,
      `${REPORT}\tInit Duration: 11.05 ms\t\nXRAY TraceId: 1-5e34a614-10bdxmpl\tSegmentId: 07f1\tSampled: true\t\n`,
    );
    expect([init, start, end]).toEqual([undefined, undefined, undefined]);
    expect(line).toMatchObject({ message: 'hello', level: 'INFO', requestId: ID });
    expect(report).toMatchObject({
      level: 'INFO',
      message: 'request took 12.3 ms, billed 24 ms, memory 25 of 512 MB, cold start 11.1 ms',
      requestId: ID,
      fields: { type: 'report', status: 'success', version: '7', durationMs: 12.34, initDurationMs: 11.05, traceId: '1-5e34a614-10bdxmpl' },
    });
  });

  test('tells failures apart', () => {
    const [timeout, crash] = entries(`${REPORT}\tStatus: timeout\n`, `${REPORT}\tStatus: error\tError Type: Runtime.ExitError\n`);
    expect(timeout).toMatchObject({ level: 'ERROR', message: expect.stringMatching(/^request failed \(timeout\) took 12\.3 ms/) });
    expect(crash).toMatchObject({ level: 'ERROR', message: expect.stringMatching(/^request failed \(error, Runtime\.ExitError\) took/) });
  });
});

describe('what Lambda says in JSON', () => {
  const platform = (type: string, record: object) => ({ time: '2026-11-22T12:00:00.000Z', type, record });

  test('becomes one line with duration, memory and start', () => {
    const [init, start, line, done, report] = entries(
      platform('platform.initStart', { initializationType: 'on-demand', phase: 'init' }),
      platform('platform.start', { requestId: ID, version: '7' }),
      'thread panicked at src/main.rs:1',
      platform('platform.runtimeDone', { requestId: ID, status: 'success' }),
      platform('platform.report', {
        requestId: ID,
        metrics: { durationMs: 3.5, billedDurationMs: 4, memorySizeMB: 512, maxMemoryUsedMB: 29, initDurationMs: 9.87 },
        status: 'success',
        tracing: { spanId: 'x', type: 'X-Amzn-Trace-Id', value: 'Root=1-2' },
      }),
    );
    expect([init, start, done]).toEqual([undefined, undefined, undefined]);
    expect(line).toMatchObject({ level: 'ERROR', requestId: ID });
    expect(report).toMatchObject({
      level: 'INFO',
      message: 'request took 3.5 ms, billed 4 ms, memory 29 of 512 MB, cold start 9.9 ms',
      requestId: ID,
      fields: { version: '7', traceId: 'Root=1-2' },
    });
  });

  test('tells failures apart, of starts too', () => {
    const [init, report] = entries(
      platform('platform.initReport', { status: 'timeout', metrics: { durationMs: 10_000 } }),
      platform('platform.report', { requestId: ID, status: 'error', errorType: 'Runtime.ExitError', metrics: { durationMs: 1 } }),
    );
    expect(init).toMatchObject({ level: 'ERROR', message: 'platform.initReport: timeout' });
    expect(report).toMatchObject({ level: 'ERROR', message: 'request failed (error, Runtime.ExitError) took 1 ms' });
  });
});

test('the streams of two instances do not mix', () => {
  const invocations = new Invocations();
  invocations.entryOf(event('START RequestId: one Version: 1', { stream: 'a' }));
  invocations.entryOf(event('START RequestId: two Version: 1', { stream: 'b' }));
  expect(invocations.entryOf(event('x', { stream: 'a' }))?.requestId).toBe('one');
  expect(invocations.entryOf(event('x', { stream: 'b' }))?.requestId).toBe('two');
});

describe('what a server writes', () => {
  test('is time, level, message and fields, as tracing-subscriber flattens them', () => {
    const span = { name: 'Lambda runtime invoke', requestId: ID };
    const [entry] = entries({
      timestamp: '2026-11-22T12:00:00Z',
      level: 'WARN',
      message: 'slow',
      target: 'weather::api',
      elapsed_ms: 120,
      span,
      spans: [span],
    });
    expect(entry).toEqual({
      time: 1000,
      level: 'WARN',
      message: 'slow',
      fields: { target: 'weather::api', elapsed_ms: 120 },
      requestId: ID,
    });
  });

  test('is the same when it does not flatten', () => {
    expect(entries({
      level: 'INFO',
      fields: { message: 'hi', n: 1 },
      target: 't',
    })[0]).toMatchObject({ message: 'hi', fields: { n: 1, target: 't' } });
  });

  test('are metrics, shown with what they say', () => {
    const [entry] = entries({
      _aws: { Timestamp: 1, CloudWatchMetrics: [] },
      message: 'tools/call add',
      Method: 'tools/call',
      Tool: 'add',
      Duration: 1.5,
    });
    expect(entry).toMatchObject({ level: 'INFO', message: 'tools/call add', fields: { Method: 'tools/call', Tool: 'add', Duration: 1.5 } });
  });

  test.each([
    ['2026-11-22T12:00:00.1Z  WARN weather: slow', 'WARN', 'weather: slow'],
    ['\u001b[2m2026-11-22T12:00:00Z\u001b[0m \u001b[31mERROR\u001b[0m weather: down\n', 'ERROR', 'weather: down'],
    ['[error] down', 'ERROR', 'down'],
    [
      '2026-11-22T12:00:00Z 8f507cfc Task timed out after 3.00 seconds',
      'ERROR',
      '2026-11-22T12:00:00Z 8f507cfc Task timed out after 3.00 seconds',
    ],
    ['no level, but INFO somewhere', 'INFO', 'no level, but INFO somewhere'],
    ['{"not": json', 'INFO', '{"not": json'],
  ])('is plain text: %j', (text, level, message) => {
    expect(entries(text)[0]).toMatchObject({ level, message, fields: {} });
  });
});

test('a request at the gateway is its method, path and status', () => {
  const line = {
    time: '22/Nov/2026:12:00:00 +0000',
    requestId: 'Abc=',
    method: 'POST',
    path: '/mcp',
    routeKey: 'POST /mcp',
    status: '502',
    integrationError: '-',
    ip: '::1',
  };
  expect(new Invocations().entryOf(event(line, { source: 'access' }))).toEqual({
    time: 1000, level: 'ERROR', message: 'POST /mcp 502', fields: { ip: '::1' }, requestId: 'Abc=',
  });
});

test("aws (d): a request at the gateway has the id of the function's request, and keeps the gateway's own", () => {
  const line = { requestId: 'Abc=', integrationRequestId: ID, method: 'POST', path: '/mcp', routeKey: 'POST /mcp', status: '200' };
  const entryOf = (more: object) => new Invocations().entryOf(event({ ...line, ...more }, { source: 'access' }));
  expect(entryOf({})).toMatchObject({ requestId: ID, fields: { gatewayRequestId: 'Abc=' } });
  for (const integrationRequestId of ['-', '', undefined, null]) {
    expect(entryOf({ integrationRequestId })).toMatchObject({ requestId: 'Abc=', fields: {} });
  }
});

describe('an entry', () => {
  const at = new Date(1000);
  const options = { colours: createColors(false), origin: false, now: at };
  const clock = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}:01.000`;

  test('is a line for people', () => {
    const [entry] = entries({ level: 'INFO', message: 'hi', city: 'New York', n: 1, requestId: ID });
    expect(renderText(event(''), entry!, options)).toBe(`${clock} INFO  hi city="New York" n=1 [${ID}]`);
    expect(
      renderText(event(''), entry!, { ...options, origin: true, now: new Date() }),
    ).toMatch(/^19(69|70)-\d\d-\d\d \S+ INFO  weather function hi/);
  });

  test('does not steer the terminal', () => {
    const [entry] = entries({ level: 'INFO', message: 'a\u001b[2Jb\r\nc', note: '\u009b31m' });
    expect(renderText(event(''), entry!, options)).toBe(`${clock} INFO  a\\x1b[2Jb\\x0d\n  c note=\\x9b31m`);
  });

  test('is a line of JSON for programs', () => {
    const [entry] = entries({ level: 'INFO', message: 'a\nb', n: 1 });
    expect(JSON.parse(renderJson(event(''), entry!))).toEqual({
      time: '1970-01-01T00:00:01.000Z',
      level: 'INFO',
      message: 'a\nb',
      server: 'weather',
      source: 'function',
      stream: 'a',
      fields: { n: 1 },
    });
  });
});
