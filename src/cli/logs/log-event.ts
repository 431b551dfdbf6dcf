/** What wrote a line: the server's function, or the gateway in front of it. */
export type LogSource = 'function' | 'access';

/** A log group of a deployed server. */
export interface LogGroup {
  readonly name: string;
  readonly source: LogSource;

  /** What the outputs of the server begin with. */
  readonly server: string;
}

/** A line as CloudWatch has it. */
export interface LogEvent {
  readonly group: LogGroup;
  readonly stream: string;

  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Tells lines that were shown already from new ones.
 *
 * The same line comes again where reads overlap, from Live Tail as well as from a search, and only the latter gives it an id. So a line is
 * known by its stream, time and text, and equal ones are counted: the second of two equal lines is new when one was shown.
 */
export class SeenEvents {
  private readonly shown = new Map<string, { readonly timestamp: number; count: number }>();

  /** One reading of the logs, in which each line comes once. */
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

  /** Forgets lines from before a time that is not read again. */
  public forget(before: number): void {
    for (const [key, { timestamp }] of this.shown) {
      if (timestamp < before) this.shown.delete(key);
    }
  }
}
