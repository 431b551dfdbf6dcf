import { CODE_PATHS } from './code-paths';
import { IAM_KINDS, type Kind } from './kinds';
import { OTHER_PATHS } from './other-paths';
import type { Naming } from './patterns';

/*
 * The known ways from one right to more rights. Sources: pathfinding.cloud, the list of Rhino Security Labs, and AWS's Service
 * Authorization Reference (which actions there are, what they act on, and which change permissions). docs/permissions.md has the links.
 */

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

/** What is refused where its resource is not named well enough. What comes first is reported. */
export const PATHS: readonly EscalationPath[] = [...CODE_PATHS, ...OTHER_PATHS];

/** How the names of actions begin that change nothing. */
export const READING = /^(get|list|describe|simulate|generate|decode|search)/;

/** Services in which only reading is allowed, on whatever resource: what is changed there is power beyond the account. */
export const READ_ONLY_SERVICES: ReadonlySet<string> = new Set([
  'organizations', 'account', 'sso', 'sso-directory', 'identitystore', 'ram', 'rolesanywhere', 'controltower',
]);

/** For each action of IAM that changes something, but for one: a service-linked role can be used by its service only. */
export const IAM_CHANGES: Omit<EscalationPath, 'actions'> = {
  kinds: IAM_KINDS, naming: 'exact', power: 'change who may do what in the account',
};
export const HARMLESS_IAM_CHANGE = 'iam:createservicelinkedrole';

/** The full names of `service:Action Action ...`. */
export function actionNames(actions: string): string[] {
  const [service, names] = actions.split(':');
  return names.split(' ').map((name) => `${service}:${name}`);
}
