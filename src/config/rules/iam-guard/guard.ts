import { FORBIDDEN, type ForbiddenResource, PRIVILEGED } from './forbidden';
import { exampleOf, type Kind } from './kinds';
import { actionNames, HARMLESS_IAM_CHANGE, IAM_CHANGES, PATHS, READ_ONLY_SERVICES, READING } from './paths';
import type { EscalationPath } from './paths/escalation-path';
import { coversAction, coversAny, coversUnnamed, coversWholeService, type Naming, SHORTEST_PREFIX } from './patterns';

/** A statement of `[[iam.statements]]`. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Why an action of a statement is refused. */
export interface Danger {
  readonly statement: number;
  readonly action: number;

  /** What is wrong with it, as the end of a sentence about the action. */
  readonly text: string;
}

/** No service has such an action: what covers it covers all, those too that AWS has not made yet. */
const UNKNOWN_ACTION = 'QzWxVjKpUnknown';

/**
 * What in the statements of a server would give it power over the account. All statements are looked at together, since a server has the
 * rights of all of them. `Deny` is not looked at: it takes away, and what it leaves is not asked for here.
 */
export function dangers(statements: readonly Statement[]): Danger[] {
  const passesRole = statements.some(mayPassRole);
  return statements.flatMap(({ effect, actions, resources }, statement) => effect === 'Deny' ? [] : actions.flatMap((pattern, action) => {
    const text = danger(pattern, resources, passesRole);
    return text === undefined ? [] : [{ statement, action, text }];
  }));
}

/** Why a server may not write to a bucket; `undefined` when it may. */
export function bucketDanger(name: string, actions: readonly string[]): string | undefined {
  const object = `arn:aws:s3:::${name}/*`;
  const found = FORBIDDEN.find((each) => (
    actionNames(each.actions).some((known) => actions.includes(known)) && each.forms.some((form) => coversAny(object, form))
  ));
  return found && `is ${found.called}: the server could ${found.power}; use another bucket, or "read"`;
}

function mayPassRole({ effect, actions, resources }: Statement): boolean {
  return effect === 'Allow' && actions.some((action) => coversAction(action, 'iam:PassRole'))
    && resources.some((resource) => coversAny(resource, 'arn:{}:iam:{}:{}:role/{*}'));
}

function danger(pattern: string, resources: readonly string[], passesRole: boolean): string | undefined {
  if (pattern === '*') return `allows every action on ${quoted(resources[0])}; name the actions that the server needs`;
  const [service, name] = pattern.toLowerCase().split(':');
  const coversAll = coversAction(pattern, `${service}:${UNKNOWN_ACTION}`);
  const whole = coversAll ? resources.find((resource) => coversWholeService(resource, service)) : undefined;
  if (whole) return `allows every action of ${service} on ${quoted(whole)}; name the actions that the server needs, or the resources`;
  return forbidden(FORBIDDEN, pattern, resources) ?? changeElsewhere(pattern, service, name, resources)
    ?? unnamed(pattern, resources, passesRole) ?? forbidden(PRIVILEGED, pattern, resources) ?? iamChange(pattern, service, name, resources);
}

function forbidden(entries: readonly ForbiddenResource[], pattern: string, resources: readonly string[]): string | undefined {
  for (const { actions, forms, called, power } of entries) {
    if (!isOf(actions, pattern)) continue;
    const covered = actionNames(actions).find((known) => coversAction(pattern, known));
    const resource = covered && resources.find((each) => forms.some((form) => coversAny(each, form)));
    if (resource) {
      return `${allows(pattern, covered, resource)} covers ${called}: the server could ${power}; leave it out, or name other resources`;
    }
  }
  return undefined;
}

function changeElsewhere(pattern: string, service: string, name: string, resources: readonly string[]): string | undefined {
  if (!READ_ONLY_SERVICES.has(service) || READING.test(name)) return undefined;
  const resource = resources.find((each) => coversAny(each, `arn:{}:${service}:{}:{}:{*}`));
  return resource && `allows ${quoted(pattern)} on ${quoted(resource)}: the server could get power beyond the account; `
    + `of ${service}, only reading is allowed`;
}

function unnamed(pattern: string, resources: readonly string[], passesRole: boolean): string | undefined {
  for (const path of PATHS) {
    if (!isOf(path.actions, pattern)) continue;
    const covered = actionNames(path.actions).find((known) => coversAction(pattern, known));
    const text = covered && firstUnnamed(pattern, covered, path, resources, passesRole);
    if (text) return text;
  }
  return undefined;
}

/** Whether actions are of the service of an action that is written; a service has no wildcards. */
function isOf(actions: string, pattern: string): boolean {
  return actions.startsWith(pattern.slice(0, pattern.indexOf(':') + 1).toLowerCase());
}

function iamChange(pattern: string, service: string, name: string, resources: readonly string[]): string | undefined {
  if (service !== 'iam' || READING.test(name) || pattern.toLowerCase() === HARMLESS_IAM_CHANGE) return undefined;
  return firstUnnamed(pattern, pattern, IAM_CHANGES, resources, false);
}

function firstUnnamed(
  pattern: string, covered: string, path: Omit<EscalationPath, 'actions'>, resources: readonly string[], passesRole: boolean,
): string | undefined {
  const { kinds, naming, withPassRole, power, instead } = path;
  for (const resource of resources) {
    const what = (kind: Kind) => `${allows(pattern, covered, resource)} covers ${unnamedOf(kind)}`;
    const loose = kinds.find((kind) => coversUnnamed(resource, kind, naming));
    if (loose) return `${what(loose)}: the server could ${power}; ${instead ?? advice(loose, naming)}`;
    const pair = passesRole && withPassRole && kinds.find((kind) => coversUnnamed(resource, kind, withPassRole));
    if (pair) return `${what(pair)}: together with iam:PassRole, the server could ${power}; ${instead ?? advice(pair, withPassRole)}`;
  }
  return undefined;
}

/** The action and the resource as they are written, and what of the action is meant. */
function allows(pattern: string, covered: string, resource: string): string {
  const meant = pattern.toLowerCase() === covered.toLowerCase() ? '' : ` (that is, ${covered} too)`;
  return `allows ${quoted(pattern)}${meant} on ${quoted(resource)}, which`;
}

function unnamedOf({ called }: Kind): string {
  return `${/^[aeioAEIO]/.test(called) ? 'an' : 'a'} ${called} that it does not name`;
}

function advice(kind: Kind, naming: Naming): string {
  return naming === 'exact'
    ? `name each, like ${quoted(exampleOf(kind, 'NAME'))}`
    : `name them, or how their names begin (${SHORTEST_PREFIX} characters or more), like ${quoted(exampleOf(kind, 'NAME-*'))}`;
}

function quoted(value: string): string {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}..."` : text;
}
