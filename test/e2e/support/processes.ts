import { readdirSync, readFileSync } from 'node:fs';

/** Looks for a text in the arguments and the environment of all processes, again and again. */
export class ProcessWatch {
  private readonly found = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  /** How often it has looked. */
  public looks = 0;

  /**
   * @param texts what to look for
   * @param mayHave whether a process, by its arguments, may have it in its environment
   */
  constructor(private readonly texts: readonly string[], private readonly mayHave: (commandLine: string) => boolean) {
    this.timer = setInterval(() => this.look(), 100);
  }

  /** Ends the watch, and tells where something was found. */
  public stop(): string[] {
    clearInterval(this.timer);
    return [...this.found];
  }

  private look(): void {
    this.looks++;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const commandLine = read(id, 'cmdline');
      const places = { arguments: commandLine, environment: this.mayHave(commandLine) ? '' : read(id, 'environ') };
      for (const [place, content] of Object.entries(places)) {
        if (this.texts.some((text) => content.includes(text))) this.found.add(`${place} of ${commandLine.split('\0')[0]}`);
      }
    }
  }
}

/** A process may be gone, or another user's. */
function read(id: string, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
