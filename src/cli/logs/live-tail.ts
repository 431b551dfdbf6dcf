import { StartLiveTailCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogGroup } from './log-event';

/** Live Tail sends an update each second, with or without lines. After this time without one, the connection is dead. */
const SILENCE_MS = 15_000;

/** What to follow with Live Tail. */
export interface LiveOptions {
  readonly groups: readonly LogGroup[];

  /** The ARNs of the groups, in the same order. */
  readonly arns: readonly string[];

  readonly pattern?: string;

  /** For tests. @default 15 seconds */
  readonly silenceMs?: number;
}

/**
 * Yield new lines from Live Tail, until the session ends (after three hours). The first batch is empty: the session has started.
 *
 * @throws if Live Tail is not available, if the connection breaks, and if Live Tail is sampling (over 500 lines a second)
 */
export async function* followLiveTail(client: CloudWatchLogsClient, options: LiveOptions): AsyncGenerator<LogEvent[]> {
  const { groups, arns, pattern, silenceMs = SILENCE_MS } = options;
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), silenceMs);
  };
  try {
    listen();
    const { responseStream } = await client.send(new StartLiveTailCommand({
      logGroupIdentifiers: [...arns],
      logEventFilterPattern: pattern,
    }), { abortSignal: abort.signal });
    for await (const message of withAbort(responseStream ?? [], abort.signal)) {
      listen();
      if (message.sessionStart) yield [];
      if (message.SessionTimeoutException) return;
      if (message.SessionStreamingException) throw message.SessionStreamingException;
      if (message.sessionUpdate?.sessionMetadata?.sampled) throw new LiveTailError('Live Tail is sampling (over 500 lines/s)');
      const lines = message.sessionUpdate?.sessionResults ?? [];
      if (lines.length > 0) {
        yield lines.map(({ logGroupIdentifier = '', logStreamName = '', timestamp = 0, message: text = '' }) => ({
          group: groupOf(logGroupIdentifier, groups, arns), stream: logStreamName, timestamp, message: text,
        })).sort((a, b) => a.timestamp - b.timestamp);
      }
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * The group of a line. CloudWatch identifies it by its name, its ARN, which may end with `:*`, or the account and the name:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LiveTailSessionLogEvent.html
 *
 * @throws if it is not one of the followed groups: a wrong guess would show the line as another server's
 */
function groupOf(identifier: string, groups: readonly LogGroup[], arns: readonly string[]): LogGroup {
  const plain = identifier.replace(/:\*$/, '');
  const nameInAccount = /^\d{12}:(?:log-group:)?(.+)$/.exec(plain)?.[1];
  const found = groups.find(({ name }, index) => plain === arns[index] || plain === name || nameInAccount === name);
  if (!found) throw new LiveTailError(`Live Tail sent a line of the log group ${JSON.stringify(identifier)}, which is not followed`);
  return found;
}

/** Live Tail cannot continue, so the logs have to be polled. The name makes it a transient error. */
class LiveTailError extends Error {
  public readonly name = 'TimeoutError';
}

/** Stop waiting for the next message when the signal is aborted. */
async function* withAbort<T>(messages: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new LiveTailError('Live Tail stopped sending updates')), { once: true });
  });
  aborted.catch(() => undefined);
  for (;;) {
    const { done, value } = await Promise.race([iterator.next(), aborted]);
    if (done) return;
    yield value;
  }
}
