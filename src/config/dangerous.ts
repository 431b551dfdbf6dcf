import type { Deployment } from './schema';

type Statement = Deployment['iam']['statements'][number];

/** Services through which a right to change things anywhere is a right to everything. */
const POWERFUL = ['iam', 'sts', 'organizations', 'account', 'sso', 'sso-directory', 'identitystore', 'ram'];

/** Actions of other services by which a function gets the rights of a role that it was not given. */
const ESCALATING = [
  'lambda:CreateFunction', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:AddPermission',
  'cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:CreateChangeSet', 'kms:PutKeyPolicy', 'kms:CreateGrant',
  's3:PutBucketPolicy', 'secretsmanager:PutResourcePolicy', 'ec2:RunInstances',
];

/** Why a statement is refused; `undefined` when it is not. */
export function danger({ effect, actions, resources }: Statement): string | undefined {
  if (effect === 'Deny') return undefined;
  const wide = resources.find(isEverything);
  for (const action of actions) {
    const [service, name] = action.toLowerCase().split(':');
    if (wide !== undefined && action === '*') return `allows every action on ${quoted(wide)}; name the actions that the server needs`;
    const broad = wide ?? (POWERFUL.includes(service) ? resources.find(isAllOfAKind) : undefined);
    if (broad === undefined) continue;
    if (/^[*?]*$/.test(name)) return `allows every action of ${service} on ${quoted(broad)}; name the actions that the server needs, or the resources`;
    const changes = POWERFUL.includes(service) && !/^(get|list|describe|simulate|generate|decode)/.test(name);
    if (changes || ESCALATING.some((known) => matches(action, known))) {
      return `allows ${quoted(action)} on ${quoted(broad)}, by which the server could give itself more rights; name the resources`;
    }
  }
  return undefined;
}

/** Whether a resource pattern has nothing but wildcards where a resource would be named. */
function isEverything(resource: string): boolean {
  return /^[*?]+$/.test(resource) || /^arn:[^:]*:[*?]*:[^:]*:[^:]*:[*?:/]*$/.test(resource.replace(/\$\{AWS::\w+\}/g, 'x'));
}

/** Whether a resource pattern means all roles, all users and so on. */
function isAllOfAKind(resource: string): boolean {
  return isEverything(resource) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[a-z-]+[/:])?[*?:/]*$/.test(resource.replace(/\$\{AWS::\w+\}/g, 'x'));
}

/** Whether an action with wildcards includes a known one. In steps, since a regular expression of many wildcards takes for ever. */
function matches(action: string, known: string): boolean {
  const [pattern, text] = [action.toLowerCase(), known.toLowerCase()];
  let reached = new Set([0]);
  for (const char of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (char === '*') for (let end = at; end <= text.length; end++) next.add(end);
      else if (at < text.length && (char === '?' || char === text[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
