import { visible } from './text/visible';

/**
 * An error in the user's input or environment, which the user can fix. Its stack is only the message, since stack frames would hide it.
 *
 * Node.js prints an error that the app does not catch, so control characters in the message are made visible here.
 *
 * @internal
 */
export class UserError extends Error {
  constructor(message: string) {
    super(visible(message));
    // Not enumerable, since Node.js prints enumerable properties after the message.
    Object.defineProperty(this, 'name', { value: new.target.name, enumerable: false });
    this.stack = this.message;
  }
}
