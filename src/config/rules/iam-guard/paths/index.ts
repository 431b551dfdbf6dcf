import { CONTAINER_AND_JOB_PATHS } from './containers-and-jobs';
import { DEPLOYMENT_PATHS } from './deployments';
import { type EscalationPath } from './escalation-path';
import { MACHINE_PATHS } from './machines';
import { MONITORING_PATHS } from './monitoring';
import { RESOURCE_POLICY_PATHS } from './resource-policies';
import { ROLE_AND_FUNCTION_PATHS } from './roles-and-functions';
import { SECRET_AND_KEY_PATHS } from './secrets-and-keys';
import { SIGN_IN_PATHS } from './sign-in';
import { IAM_KINDS } from '../kinds';

/*
 * The known ways from one right to more rights. Sources: pathfinding.cloud, the list of Rhino Security Labs, and AWS's Service
 * Authorization Reference (which actions there are, what they act on, and which change permissions). docs/permissions.md has the links.
 */

/** What is refused where its resource is not named well enough. What comes first is reported. */
export const PATHS: readonly EscalationPath[] = [
  ...ROLE_AND_FUNCTION_PATHS,
  ...DEPLOYMENT_PATHS,
  ...MACHINE_PATHS,
  ...CONTAINER_AND_JOB_PATHS,
  ...SIGN_IN_PATHS,
  ...SECRET_AND_KEY_PATHS,
  ...RESOURCE_POLICY_PATHS,
  ...MONITORING_PATHS,
];

/** Prefixes of actions that change nothing. */
export const READING = /^(get|list|describe|simulate|generate|decode|search)/;

/** Services in which only reading is allowed: changes there have effects beyond the account. */
export const READ_ONLY_SERVICES: ReadonlySet<string> = new Set([
  'organizations', 'account', 'sso', 'sso-directory', 'identitystore', 'ram', 'rolesanywhere', 'controltower',
]);

/** Every action of IAM that changes something. The exception creates a service-linked role, which only its service can use. */
export const IAM_CHANGES: Omit<EscalationPath, 'actions'> = {
  kinds: IAM_KINDS, naming: 'exact', power: 'change who may do what in the account',
};
export const HARMLESS_IAM_CHANGE = 'iam:createservicelinkedrole';

/** The full names of `service:Action Action ...`. */
export function actionNames(actions: string): string[] {
  const [service, names] = actions.split(':');
  return names.split(' ').map((name) => `${service}:${name}`);
}
