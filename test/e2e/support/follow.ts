import { ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { installed } from '../../support/app';
import { e2eEnv } from '../../support/env';

/** A line that a command printed, and when. */
export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

/** A command that runs until it is stopped. */
export class Follower {
  public readonly lines: TimedLine[] = [];
  public stderr = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | string>;

  constructor(folder: string, args: string[]) {
    // Without npx in between, signals reach it as those of a terminal do.
    this.child = spawn(installed(folder), args, { cwd: folder, env: e2eEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: this.child.stdout! }).on('line', (text) => this.lines.push({ at: Date.now(), text }));
    this.child.stderr!.setEncoding('utf-8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal ?? 0)));
  }

  /** Waits until something is true. */
  public async until(what: () => boolean, milliseconds = 10_000): Promise<void> {
    for (const deadline = Date.now() + milliseconds; !what();) {
      if (Date.now() > deadline) throw new Error(`waited for ${milliseconds} ms in vain; it said:\n${this.stderr}\n${this.lines.map(({ text }) => text).join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Sends a signal, and tells how it ended: by which exit code or signal. */
  public async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}
