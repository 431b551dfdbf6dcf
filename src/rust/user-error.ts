/**
 * An error that a user can cause and mend. Its stack is the message alone: frames of this package would only hide it.
 *
 * @internal
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    // Not enumerable: Node.js would print it behind the message.
    Object.defineProperty(this, 'name', { value: new.target.name, enumerable: false });
    this.stack = message;
  }
}
