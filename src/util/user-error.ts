import { visible } from './text/visible';

/**
 * An error that a user can cause and mend. Its stack is the message alone: frames of this package would only hide it.
 *
 * Node.js prints it where the app does not catch it, so that the message is made visible here.
 *
 * @internal
 */
export class UserError extends Error {
  constructor(message: string) {
    super(visible(message));
    // Not enumerable: Node.js would print it behind the message.
    Object.defineProperty(this, 'name', { value: new.target.name, enumerable: false });
    this.stack = this.message;
  }
}
