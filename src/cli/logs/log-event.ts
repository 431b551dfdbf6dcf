/** The source of a line: the server's function, or the gateway in front of it. */
export type LogSource = 'function' | 'access';

/** A log group of a deployed server. */
export interface LogGroup {
  readonly name: string;
  readonly source: LogSource;

  /** Prefix of the server's outputs. */
  readonly server: string;
}

/** A log event of CloudWatch. */
export interface LogEvent {
  readonly group: LogGroup;
  readonly stream: string;

  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Distinguishes new lines from lines that were shown.
 *
 * Overlapping reads return the same line again, from Live Tail as well as from a search, and only a search gives it an id. A line is
 * therefore identified by its stream, time and text, and equal lines are counted: the second of two equal lines is new if one was shown.
 */
export class SeenEvents {
  private readonly shown = new Map<string, { readonly timestamp: number; count: number }>();

  /** Begin a read of the logs, in which each line comes once. The result says whether a line is new. */
  public pass(): (event: LogEvent) => boolean {
    const counts = new Map<string, number>();
    return (event) => {
      const key = `${event.group.name}\0${event.stream}\0${event.timestamp}\0${event.message}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const known = this.shown.get(key);
      if (known && known.count >= count) return false;
      if (known) known.count = count;
      else this.shown.set(key, { timestamp: event.timestamp, count });
      return true;
    };
  }

  /** Forget lines before a time, which are not read again. */
  public forget(before: number): void {
    for (const [key, { timestamp }] of this.shown) {
      if (timestamp < before) this.shown.delete(key);
    }
  }
}
