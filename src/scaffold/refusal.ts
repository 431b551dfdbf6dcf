import { cleanUpNpmInstall } from './leftovers';
import { type NewOptions, NEW, resolveOptions, type ResolvedOptions } from './settle';
import { say } from '../util/stderr';
import { UserError } from '../util/user-error';

/**
 * Settles the options of a project. In `projen new`, what cannot be settled ends the process with the reason alone, and without what projen has installed
 * for us: projen would print the error with the place in our code, and leave package.json and node_modules behind.
 *
 * @throws UserError outside of `projen new`
 */
export function resolveOptionsOrExit(options: NewOptions): ResolvedOptions {
  try {
    return resolveOptions(options);
  } catch (error) {
    if (!(error instanceof UserError) || options[NEW]?.fqn === undefined) throw error;
    cleanUpNpmInstall();
    say(`error: ${error.message}`);
    process.exit(1);
  }
}
