/** The exit codes of the command line, as its help states them. */
export enum ExitCode {
  OK = 0,
  USER_ERROR = 1,
  AWS_FAILURE = 2,
  NOT_VERIFIED = 3,
  INTERRUPTED = 130,
}

/** What an error may say beside its message. */
export interface CliErrorOptions {
  /** @default ExitCode.USER_ERROR */
  readonly exitCode?: ExitCode;

  /** What to do next, on a line of its own. */
  readonly hint?: string;

  /** The error behind this one: shown with --verbose. */
  readonly cause?: unknown;
}

/** An error that is shown by its message and hint alone. */
export class CliError extends Error {
  public readonly exitCode: ExitCode;
  public readonly hint?: string;

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? ExitCode.USER_ERROR;
    this.hint = options.hint;
  }
}

/** The user pressed Ctrl-C, or the process was asked to end. */
export class Interrupted extends CliError {
  constructor(message: string = 'interrupted', hint?: string) {
    super(message, { exitCode: ExitCode.INTERRUPTED, hint });
    this.name = 'Interrupted';
  }
}
