import { CloudWatchLogsClient, FilterLogEventsCommand, StartLiveTailCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { GROUPS, event } from './events';
import { followLogs } from '../../../src/cli/logs/follow';
import { followLiveTail } from '../../../src/cli/logs/live-tail';
import { SeenEvents, type LogEvent } from '../../../src/cli/logs/log-event';
import { merge } from '../../../src/cli/logs/search';

const client = new CloudWatchLogsClient({ region: 'us-east-1' });
const aws = mockClient(client);
beforeEach(() => aws.reset());

/** A log group in which lines appear while a clock ticks, and which may fail at times. */
class Cloud {
  public time = 100_000;
  private readonly lines: Array<{ visible: number; timestamp: number; message: string }> = [];

  constructor(failing: (time: number) => Error | undefined = () => undefined) {
    aws.on(FilterLogEventsCommand).callsFake(({ startTime, nextToken }: { startTime: number; nextToken?: string }) => {
      const error = failing(this.time);
      if (error) throw error;
      const found = this.lines.filter(({ visible, timestamp }) => visible <= this.time && timestamp >= startTime);
      const all = found.sort((a, b) => a.timestamp - b.timestamp);
      const from = Number(nextToken ?? 0);
      const next = from + 50 < all.length ? String(from + 50) : undefined;
      return {
        events: all.slice(from, from + 50).map(({ timestamp, message }) => ({ logStreamName: 'a', timestamp, message })),
        nextToken: next,
      };
    });
  }

  /** A line that can be found some time after it was written. */
  public write(message: string, timestamp: number, late = 0): void {
    this.lines.push({ message, timestamp, visible: timestamp + late });
  }

  public async follow(count: number, options: { arns?: string[]; from?: number } = {}) {
    const said: string[] = [];
    const lines: string[] = [];
    const batches = followLogs(client, {
      groups: [GROUPS.function],
      from: options.from ?? this.time,
      arns: options.arns,
      say: (text) => said.push(text),
      detail: (text) => said.push(text),
      now: () => this.time,
      sleep: async (milliseconds) => {
        this.time += milliseconds;
        if (this.time > 1_000_000) throw new Error('followed for too long');
      },
    });
    for await (const batch of batches) {
      lines.push(...batch.map(({ message }) => message));
      if (lines.length >= count) break;
    }
    return { lines, said };
  }
}

const failure = (name: string, httpStatusCode: number) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

describe('polling', () => {
  test('shows each line once, in order, over many searches', async () => {
    const cloud = new Cloud();
    const expected = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    expected.forEach((message, index) => cloud.write(message, 100_000 + index * 120));
    expect((await cloud.follow(500)).lines).toEqual(expected);
  });

  test('finds lines that come late', async () => {
    const cloud = new Cloud();
    cloud.write('late', 101_000, 15_000);
    cloud.write('early', 110_000);
    cloud.write('last', 125_000);
    expect((await cloud.follow(3)).lines).toEqual(['early', 'late', 'last']);
  });

  test('shows equal lines of the same millisecond as often as they were written', async () => {
    const cloud = new Cloud();
    cloud.write('same', 101_000);
    cloud.write('same', 101_000);
    cloud.write('same', 101_000, 5000);
    cloud.write('end', 110_000);
    expect((await cloud.follow(4)).lines).toEqual(['same', 'same', 'same', 'end']);
  });

  test.each([
    ['throttling', failure('ThrottlingException', 400)],
    ['an error of AWS', failure('ServiceUnavailableException', 503)],
    ['a cut connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a timeout', Object.assign(new Error('Request timed out'), { name: 'TimeoutError' })],
  ])('survives %s, and leaves nothing out', async (_, error) => {
    const cloud = new Cloud((time) => (time > 105_000 && time < 140_000 ? error : undefined));
    for (let index = 0; index < 60; index++) cloud.write(`line ${index}`, 100_500 + index * 1000);
    const { lines, said } = await cloud.follow(60);
    expect(lines).toEqual(Array.from({ length: 60 }, (__, index) => `line ${index}`));
    expect(said).toEqual([expect.stringMatching(/^cannot read the logs right now .*; retrying$/), 'connected again; no lines were lost']);
  });

  test('gives up after a minute', async () => {
    const cloud = new Cloud(() => failure('ServiceUnavailableException', 503));
    await expect(cloud.follow(1)).rejects.toThrow('ServiceUnavailableException');
    expect(cloud.time).toBeGreaterThanOrEqual(160_000);
    expect(cloud.time).toBeLessThan(200_000);
  });

  test.each(['AccessDeniedException', 'ExpiredTokenException', 'ResourceNotFoundException'])('ends at once at %s', async (name) => {
    const cloud = new Cloud(() => failure(name, 400));
    await expect(cloud.follow(1)).rejects.toThrow(name);
    expect(cloud.time).toBe(100_000);
  });
});

describe('Live Tail', () => {
  const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:functions';
  const update = (messages: string[], timestamp: number, sampled = false) => ({
    sessionUpdate: {
      sessionMetadata: { sampled },
      sessionResults: messages.map((message) => ({ logGroupIdentifier: ARN, logStreamName: 'a', timestamp, message })),
    },
  });
  const session = (...messages: object[]) => ({
    responseStream: (async function* () {
      yield { sessionStart: { requestId: 'r' } };
      for (const message of messages) yield message;
    })(),
  });

  test('is asked for by ARN, and carries on from what a search found', async () => {
    const cloud = new Cloud();
    cloud.write('before', 99_000);
    cloud.write('between', 100_000);
    aws.on(StartLiveTailCommand).resolves(session(update([], 0), update(['between', 'live'], 100_000)) as never);
    expect(await cloud.follow(3, { arns: [ARN], from: 99_000 })).toEqual({
      lines: ['before', 'between', 'live'],
      said: ['following with Live Tail'],
    });
    expect(aws.commandCalls(StartLiveTailCommand)[0].args[0].input).toEqual({
      logGroupIdentifiers: [ARN],
      logEventFilterPattern: undefined,
    });
  });

  const OTHER = 'arn:aws:logs:us-east-1:123456789012:log-group:requests';
  test.each([
    ['its ARN', ARN, OTHER],
    ['its ARN with a star', `${ARN}:*`, `${OTHER}:*`],
    ['its name', 'functions', 'requests'],
    ['account and name', '123456789012:functions', '123456789012:requests'],
    ['account and log-group and name', '123456789012:log-group:functions', '123456789012:log-group:requests'],
  ])('aws (d): knows the log group of a line by %s', async (_, ...identifiers) => {
    const lines = identifiers.map((logGroupIdentifier) => ({ logGroupIdentifier, logStreamName: 'a', timestamp: 100_000, message: 'x' }));
    aws.on(StartLiveTailCommand).resolves(session({
      sessionUpdate: { sessionMetadata: { sampled: false }, sessionResults: lines },
    }) as never);
    const batches = followLiveTail(client, { groups: [GROUPS.function, GROUPS.access], arns: [ARN, OTHER] });
    const found: LogEvent[] = [];
    for await (const batch of batches) found.push(...batch);
    expect(found.map(({ group }) => group)).toEqual([GROUPS.function, GROUPS.access]);
  });

  test.each([
    '',
    'other',
    `${ARN}-2`,
    'x-functions',
    'arn:aws:logs:eu-west-1:123456789012:log-group:functions',
  ])('aws (d): guesses no log group (%s), but polls', async (logGroupIdentifier) => {
    const cloud = new Cloud();
    cloud.write('line', 100_000);
    const line = { logGroupIdentifier, logStreamName: 'a', timestamp: 100_000, message: 'line' };
    aws.on(StartLiveTailCommand).resolves(session({
      sessionUpdate: { sessionMetadata: { sampled: false }, sessionResults: [line] },
    }) as never);
    const { lines, said } = await cloud.follow(1, { arns: [ARN] });
    expect(lines).toEqual(['line']);
    expect(said.at(-1)).toMatch(/^following with Live Tail$|which is not followed; polling/);
  });

  test.each([
    ['ends after three hours', { SessionTimeoutException: failure('SessionTimeoutException', 400) }],
    ['carries only a part', update(['live', 'lost?'], 100_100, true)],
    ['breaks off', { SessionStreamingException: failure('SessionStreamingException', 500) }],
  ])('that %s is followed by polling, without gaps or repeats', async (_, end) => {
    const cloud = new Cloud();
    ['live', 'lost?', 'later'].forEach((message, index) => cloud.write(message, 100_000 + index * 100));
    aws.on(StartLiveTailCommand).resolves(session(update(['live'], 100_000), end) as never);
    const { lines } = await cloud.follow(3, { arns: [ARN] });
    expect(lines).toEqual(['live', 'lost?', 'later']);
  });

  test.each([
    'AccessDeniedException', 'InvalidOperationException', 'LimitExceededException',
  ])('that may not be used (%s) is replaced by polling', async (name) => {
    const cloud = new Cloud();
    cloud.write('line', 100_000);
    aws.on(StartLiveTailCommand).rejects(failure(name, 400));
    expect(await cloud.follow(1, { arns: [ARN] })).toEqual({ lines: ['line'], said: [`no Live Tail: ${name}; polling`] });
  });
});

test('Seen forgets what is not read again', () => {
  const seen = new SeenEvents();
  expect(seen.pass()(event('x'))).toBe(true);
  expect(seen.pass()(event('x'))).toBe(false);
  seen.forget(2000);
  expect(seen.pass()(event('x'))).toBe(true);
});

test('merge keeps the order of time over sources and pages', async () => {
  const source = async function* (name: string, ...pages: number[][]): AsyncGenerator<LogEvent[]> {
    for (const page of pages) yield page.map((timestamp) => event(`${name}${timestamp}`, { timestamp }));
  };
  const merged: string[] = [];
  for await (const batch of merge([
    source('a', [1, 4], [], [5, 9]), source('b', [2, 3], [8]), source('c'),
  ])) merged.push(...batch.map(({ message }) => message));
  expect(merged).toEqual(['a1', 'b2', 'b3', 'a4', 'a5', 'b8', 'a9']);
});
