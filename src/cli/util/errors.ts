/** The exit codes of the command line. The help lists them. */
export enum ExitCode {
  OK = 0,
  USER_ERROR = 1,
  AWS_FAILURE = 2,
  NOT_VERIFIED = 3,
  INTERRUPTED = 130,
}

export interface CliErrorOptions {
  /** @default ExitCode.USER_ERROR */
  readonly exitCode?: ExitCode;

  /** What the user can do, on a line of its own. */
  readonly hint?: string;

  /** The underlying error, shown with --verbose. */
  readonly cause?: unknown;
}

/** An error that is shown as its message and hint, without a stack trace. */
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

/** The user pressed Ctrl-C, or the process got another signal to end. */
export class Interrupted extends CliError {
  constructor(message: string = 'interrupted', hint?: string) {
    super(message, { exitCode: ExitCode.INTERRUPTED, hint });
    this.name = 'Interrupted';
  }
}
