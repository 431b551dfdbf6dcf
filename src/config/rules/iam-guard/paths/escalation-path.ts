import type { Kind } from '../kinds';
import type { Naming } from '../patterns';

/** Actions by which a server could get more power than the statement says, and how well their resources must be named. */
export interface EscalationPath {
  /** Actions of one service: `service:Action Action ...`. */
  readonly actions: string;

  /** What they act on. */
  readonly kinds: readonly Kind[];
  readonly naming: Naming;

  /** How well they must be named where the server may pass a role too. */
  readonly withPassRole?: 'exact';

  /** What the server could do. */
  readonly power: string;

  /** What to do. @default - name the resources */
  readonly instead?: string;
}

/** The power to run code with more rights, for `EscalationPath.power`. */
export const OTHER_RIGHTS = 'run code of its own with rights that it was not given';
