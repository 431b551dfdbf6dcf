import { StartLiveTailCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogGroup } from './log-event';

/** Live Tail sends something each second, lines or not: when it is silent for so long, the connection is dead. */
const SILENCE_MS = 15_000;

/** What to follow by Live Tail. */
export interface LiveOptions {
  readonly groups: readonly LogGroup[];

  /** The ARNs of the groups, in the same order. */
  readonly arns: readonly string[];

  readonly pattern?: string;

  /** For tests. @default 15 seconds */
  readonly silenceMs?: number;
}

/**
 * New lines by Live Tail, until the session ends (after three hours). The first batch is empty, and says that the session has begun.
 *
 * @throws when Live Tail can't be used, when the connection breaks off, and when there is more than Live Tail carries (500 lines a second)
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
      if (message.sessionUpdate?.sessionMetadata?.sampled) throw new SilentError('there is more than Live Tail carries');
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
 * The group that a line is of. CloudWatch names it by its name or its ARN, which may end with `:*`, or by the account and the name:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LiveTailSessionLogEvent.html
 *
 * @throws when it is none of those that were asked for: a wrong guess would show the line as one of another server
 */
function groupOf(identifier: string, groups: readonly LogGroup[], arns: readonly string[]): LogGroup {
  const plain = identifier.replace(/:\*$/, '');
  const found = groups.find(({ name }, index) => plain === arns[index] || plain === name || /^\d{12}:(?:log-group:)?(.+)$/.exec(plain)?.[1] === name);
  if (!found) throw new SilentError(`Live Tail sent a line of the log group ${JSON.stringify(identifier)}, which is none of those that are followed`);
  return found;
}

/** The connection broke off, or does not carry all: another way has to be taken. */
class SilentError extends Error {
  public readonly name = 'TimeoutError';
}

/** Ends the wait for the next message when a signal is given. */
async function* withAbort<T>(messages: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new SilentError('Live Tail has fallen silent')), { once: true });
  });
  aborted.catch(() => undefined);
  for (;;) {
    const { done, value } = await Promise.race([iterator.next(), aborted]);
    if (done) return;
    yield value;
  }
}
