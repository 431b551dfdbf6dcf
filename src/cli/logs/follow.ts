import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { followLiveTail } from './live-tail';
import { SeenEvents, type LogEvent, type LogGroup } from './log-event';
import { searchGroups } from './search';
import { isTransient, reasonOf } from '../aws/errors';

/** CloudWatch may receive lines late. Each search starts this long before the last one. */
const OVERLAP_MS = 20_000;

const POLL_MS = 1000;

/** How long a failed search is retried, at growing intervals. */
const GIVE_UP_MS = 60_000;
const MAX_BACKOFF_MS = 8000;

/** Which lines to follow, and how. */
export interface FollowOptions {
  readonly groups: readonly LogGroup[];

  /** The first millisecond. */
  readonly from: number;

  readonly pattern?: string;

  /** The ARNs of the log groups, for Live Tail. @default - poll */
  readonly arns?: readonly string[];

  /** Receives messages about the connection. */
  readonly say: (text: string) => void;

  /** Receives messages that are shown with `--verbose` only. */
  readonly detail: (text: string) => void;

  /** For tests. @default - the system's clock and timers */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/**
 * Yield new lines without end: each line once, and all of them. Uses Live Tail if the account has it. Otherwise, or when Live Tail ends, it
 * polls.
 *
 * @throws the error of AWS, if retries do not help
 */
export async function* followLogs(client: CloudWatchLogsClient, options: FollowOptions): AsyncGenerator<LogEvent[]> {
  const now = options.now ?? Date.now;
  const seen = new SeenEvents();
  let from = options.from;
  if (options.arns) {
    const isNew = seen.pass();
    let started = false;
    try {
      for await (const batch of followLiveTail(client, { groups: options.groups, arns: options.arns, pattern: options.pattern })) {
        if (!started) {
          // Live Tail is running. A search for the lines before it leaves no gap.
          options.detail('following with Live Tail');
          yield* searchNew(client, options, seen, from);
          started = true;
        }
        yield batch.filter(isNew);
        from = now() - OVERLAP_MS;
        seen.forget(from - OVERLAP_MS);
      }
      options.detail('the session of Live Tail has ended; polling');
    } catch (error) {
      if (started && !isTransient(error)) throw error;
      options.detail(`no Live Tail: ${reasonOf(error)}; polling`);
    }
  }
  yield* poll(client, options, seen, from);
}

async function* poll(client: CloudWatchLogsClient, options: FollowOptions, seen: SeenEvents, from: number): AsyncGenerator<LogEvent[]> {
  const now = options.now ?? Date.now;
  const sleep = options.sleep ?? ((milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));
  let since = from;
  let failing: { readonly since: number; tries: number } | undefined;
  for (;;) {
    const started = now();
    try {
      yield* searchNew(client, options, seen, since);
      if (failing) options.say('connected again; no lines were lost');
      failing = undefined;
      // Advance only after a complete search, so that no lines are lost after a failed one.
      since = Math.max(since, started - OVERLAP_MS);
      seen.forget(since);
    } catch (error) {
      failing ??= { since: started, tries: 0 };
      if (!isTransient(error) || now() - failing.since >= GIVE_UP_MS) throw error;
      if (failing.tries++ === 0) options.say(`cannot read the logs right now (${reasonOf(error)}); retrying`);
    }
    const pause = failing ? Math.min(POLL_MS * 2 ** failing.tries, MAX_BACKOFF_MS) : POLL_MS - (now() - started);
    if (pause > 0) await sleep(pause);
  }
}

async function* searchNew(
  client: CloudWatchLogsClient, { groups, pattern }: FollowOptions, seen: SeenEvents, from: number,
): AsyncGenerator<LogEvent[]> {
  const isNew = seen.pass();
  for await (const batch of searchGroups(client, groups, { from, pattern })) {
    const fresh = batch.filter(isNew);
    if (fresh.length > 0) yield fresh;
  }
}
