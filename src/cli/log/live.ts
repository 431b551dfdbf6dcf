import { StartLiveTailCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogGroup } from './event';

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
export async function* followLive(client: CloudWatchLogsClient, options: LiveOptions): AsyncGenerator<LogEvent[]> {
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
          group: groups[Math.max(0, arns.indexOf(logGroupIdentifier))], stream: logStreamName, timestamp, message: text,
        })).sort((a, b) => a.timestamp - b.timestamp);
      }
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
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
