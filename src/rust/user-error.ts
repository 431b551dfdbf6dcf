/**
 * An error that a user can cause and mend. Its stack is the message alone: frames of this package would only hide it.
 *
 * @internal
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
    this.stack = message;
  }
}
