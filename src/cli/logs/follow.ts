import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { followLiveTail } from './live-tail';
import { SeenEvents, type LogEvent, type LogGroup } from './log-event';
import { searchGroups } from './search';
import { isTransient, reasonOf } from '../aws/errors';

/** Lines may come to CloudWatch later than their time says. Each search looks back so far. */
const OVERLAP_MS = 20_000;

const POLL_MS = 1000;

/** A search that fails is tried again, at growing intervals, for so long. */
const GIVE_UP_MS = 60_000;
const MAX_BACKOFF_MS = 8000;

/** What lines to follow. */
export interface TailOptions {
  readonly groups: readonly LogGroup[];

  /** The first millisecond. */
  readonly from: number;

  readonly pattern?: string;

  /** The log groups as Live Tail wants them, or undefined to poll. */
  readonly arns?: readonly string[];

  /** Told what is to be known about the connection. */
  readonly say: (text: string) => void;

  /** Told of what is not worth a line by default. */
  readonly detail: (text: string) => void;

  /** For tests. @default - the real ones */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/**
 * New lines, without end: each once, and none left out. By Live Tail where the account has it, else, or when that breaks off, by polling.
 *
 * @throws what AWS answers, when trying again does not help
 */
export async function* followLogs(client: CloudWatchLogsClient, options: TailOptions): AsyncGenerator<LogEvent[]> {
  const now = options.now ?? Date.now;
  const seen = new SeenEvents();
  let from = options.from;
  if (options.arns) {
    const isNew = seen.pass();
    let started = false;
    try {
      for await (const batch of followLiveTail(client, { groups: options.groups, arns: options.arns, pattern: options.pattern })) {
        if (!started) {
          // Live Tail runs by now: what came before it is searched for, and nothing can fall between.
          options.detail('following by Live Tail');
          yield* search(client, options, seen, from);
          started = true;
        }
        yield batch.filter(isNew);
        from = now() - OVERLAP_MS;
        seen.forget(from - OVERLAP_MS);
      }
      options.detail('the session of Live Tail has ended; polling from now on');
    } catch (error) {
      if (started && !isTransient(error)) throw error;
      options.detail(`no Live Tail: ${reasonOf(error)}; polling`);
    }
  }
  yield* poll(client, options, seen, from);
}

async function* poll(client: CloudWatchLogsClient, options: TailOptions, seen: SeenEvents, from: number): AsyncGenerator<LogEvent[]> {
  const now = options.now ?? Date.now;
  const sleep = options.sleep ?? ((milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));
  let since = from;
  let failing: { readonly since: number; tries: number } | undefined;
  for (;;) {
    const started = now();
    try {
      yield* search(client, options, seen, since);
      if (failing) options.say('connected again; nothing was left out');
      failing = undefined;
      // Moves on only after a complete search, so that nothing is left out after a failed one.
      since = Math.max(since, started - OVERLAP_MS);
      seen.forget(since);
    } catch (error) {
      failing ??= { since: started, tries: 0 };
      if (!isTransient(error) || now() - failing.since >= GIVE_UP_MS) throw error;
      if (failing.tries++ === 0) options.say(`cannot read the logs right now (${reasonOf(error)}); trying again`);
    }
    const pause = failing ? Math.min(POLL_MS * 2 ** failing.tries, MAX_BACKOFF_MS) : POLL_MS - (now() - started);
    if (pause > 0) await sleep(pause);
  }
}

async function* search(client: CloudWatchLogsClient, { groups, pattern }: TailOptions, seen: SeenEvents, from: number): AsyncGenerator<LogEvent[]> {
  const isNew = seen.pass();
  for await (const batch of searchGroups(client, groups, { from, pattern })) {
    const fresh = batch.filter(isNew);
    if (fresh.length > 0) yield fresh;
  }
}
