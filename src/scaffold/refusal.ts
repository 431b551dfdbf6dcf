import { removeLeftovers } from './leftovers';
import { type NewOptions, NEW, settle, type Settled } from './settle';
import { say } from '../util/stderr';
import { UserError } from '../util/user-error';

/**
 * Settles the options of a project. In `projen new`, what cannot be settled ends the process with the reason alone, and without what projen has installed
 * for us: projen would print the error with the place in our code, and leave package.json and node_modules behind.
 *
 * @throws UserError outside of `projen new`
 */
export function settleOrRefuse(options: NewOptions): Settled {
  try {
    return settle(options);
  } catch (error) {
    if (!(error instanceof UserError) || options[NEW]?.fqn === undefined) throw error;
    removeLeftovers();
    say(`error: ${error.message}`);
    process.exit(1);
  }
}
