import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * What each command needs of AWS, as lists from which the policies of docs/permissions.md are made. Tests hold them against the calls
 * that the code makes.
 */

const DOCUMENT = join(__dirname, '..', 'docs', 'permissions.md');
const [BEGIN, END] = ['<!-- policies -->', '<!-- /policies -->'];

/** The server, the account and the region of the examples. */
const PLACE = 'eu-west-1:111122223333';

/** What the commands act on, as narrow as AWS allows. Names of functions and log groups begin with the stack's. */
const RESOURCES = {
  stacks: [`arn:aws:cloudformation:${PLACE}:stack/weather/*`, `arn:aws:cloudformation:${PLACE}:stack/weather-*/*`],
  functions: [`arn:aws:lambda:${PLACE}:function:weather-*`],
  logGroups: [`arn:aws:logs:${PLACE}:log-group:weather-*`, `arn:aws:logs:${PLACE}:log-group:/aws/vendedlogs/apis/weather-*`],
  lambdaLogGroups: [`arn:aws:logs:${PLACE}:log-group:/aws/lambda/weather-*`],
  secrets: [`arn:aws:secretsmanager:${PLACE}:secret:pmcp-deploy/weather/*`],
  userPool: [`arn:aws:cognito-idp:${PLACE}:userpool/eu-west-1_EXAMPLE`],
  bootstrapVersion: [`arn:aws:ssm:${PLACE}:parameter/cdk-bootstrap/hnb659fds/version`],
  bootstrapRoles: ['deploy', 'file-publishing', 'lookup'].map((role) => (
    `arn:aws:iam::111122223333:role/cdk-hnb659fds-${role}-role-111122223333-eu-west-1`
  )),
  /** AWS lets these actions be allowed on everything only. */
  everything: ['*'],
} as const satisfies Record<string, readonly string[]>;

type Permissions = Partial<Record<keyof typeof RESOURCES, readonly string[]>>;

const READ_STACK = ['cloudformation:DescribeStacks'];
const WATCH_STACK = [...READ_STACK, 'cloudformation:DescribeStackEvents', 'cloudformation:ListStackResources'];
const MOVE_ALIAS = ['lambda:GetAlias', 'lambda:UpdateAlias'];
const LIST_VERSIONS = ['lambda:ListAliases', 'lambda:ListVersionsByFunction'];
const BOOTSTRAP_VERSION = ['ssm:GetParameter'];
const NOTHING: Permissions = {};

/** Operations for which AWS asks for no permission. */
export const FREE_OPERATIONS: ReadonlySet<string> = new Set(['sts:GetCallerIdentity']);

/** Permissions that no operation of this name needs, but another one: the roles are assumed by the CDK, and secrets are made with tags. */
export const IMPLIED: ReadonlySet<string> = new Set(['sts:AssumeRole', 'secretsmanager:TagResource']);

/** What each command needs of the user's own rights. */
export const PERMISSIONS: Readonly<Record<string, Permissions>> = {
  ...Object.fromEntries(['init', 'dev', 'local', 'validate', 'synth', 'completion', 'logout'].map((command) => [command, NOTHING])),
  ...Object.fromEntries(['outputs', 'stages', 'connect', 'test', 'login'].map((command) => [command, { stacks: READ_STACK }])),
  status: { stacks: WATCH_STACK },
  doctor: {
    stacks: READ_STACK,
    bootstrapVersion: BOOTSTRAP_VERSION,
    userPool: ['cognito-idp:DescribeUserPool'],
    everything: ['cognito-idp:DescribeUserPoolDomain'],
  },
  logs: { stacks: READ_STACK, logGroups: ['logs:FilterLogEvents', 'logs:StartLiveTail'] },
  metrics: {
    stacks: READ_STACK,
    functions: ['lambda:GetFunctionConfiguration'],
    logGroups: ['logs:StartQuery'],
    everything: ['cloudwatch:GetMetricData', 'logs:GetQueryResults'],
  },
  users: {
    stacks: READ_STACK,
    userPool: ['cognito-idp:ListUsers', 'cognito-idp:AdminCreateUser', 'cognito-idp:AdminGetUser', 'cognito-idp:AdminSetUserPassword'],
  },
  secrets: {
    secrets: [
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:CreateSecret', 'secretsmanager:TagResource', 'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecret', 'secretsmanager:RestoreSecret', 'secretsmanager:DeleteSecret',
    ],
    everything: ['secretsmanager:ListSecrets'],
  },
  diff: { secrets: ['secretsmanager:DescribeSecret'], bootstrapRoles: ['sts:AssumeRole'] },
  deploy: {
    stacks: [...WATCH_STACK, 'cloudformation:DeleteStack'],
    functions: [
      ...MOVE_ALIAS, ...LIST_VERSIONS, 'lambda:GetFunctionConfiguration', 'lambda:PublishVersion', 'lambda:CreateAlias',
      'lambda:DeleteAlias', 'lambda:DeleteFunction',
    ],
    secrets: ['secretsmanager:DescribeSecret'],
    everything: ['cloudwatch:DescribeAlarms'],
    bootstrapVersion: BOOTSTRAP_VERSION,
    bootstrapRoles: ['sts:AssumeRole'],
  },
  rollback: { stacks: READ_STACK, functions: [...MOVE_ALIAS, ...LIST_VERSIONS] },
  destroy: {
    stacks: [...WATCH_STACK, 'cloudformation:DeleteStack'],
    logGroups: ['logs:DeleteLogGroup'],
    lambdaLogGroups: ['logs:DeleteLogGroup'],
  },
  bootstrap: { bootstrapVersion: BOOTSTRAP_VERSION },
};

/** What is to be said about the policy of a command. */
const NOTES: Readonly<Record<string, string>> = {
  logs: '`logs:StartLiveTail` is for `--tail`, which searches each second without it.',
  metrics: 'What reads the logs is for servers without monitoring. CloudWatch lets metrics be read as a whole only.',
  doctor: '`cognito-idp` is for servers with a user pool of your own, which `doctor` looks at.',
  users: 'The id of the pool is the output that ends in `McpUserPoolId`.',
  secrets: '`secretsmanager:GetSecretValue` finds out whether a secret has its value already; without it, the value is written again. '
    + 'Secrets are made with tags, for which AWS wants `secretsmanager:TagResource` '
    + '([CreateSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html)). '
    + 'With a KMS key of your own: `kms:GenerateDataKey`, `kms:Encrypt` and `kms:Decrypt` on it too.',
  deploy: 'This is for users who may otherwise only assume the roles of the CDK bootstrap. `cloudformation:DeleteStack` clears away a first '
    + 'deployment that failed; the role that CloudFormation deployed with deletes its resources. `lambda:DeleteFunction` removes old '
    + 'versions. `cloudwatch:DescribeAlarms` is for gradual deployments, which an alarm that is on would stop. With `--hotswap`, the CDK changes functions with the user\'s own rights: `lambda:GetFunction`, '
    + '`lambda:UpdateFunctionCode` and `lambda:UpdateFunctionConfiguration` too.',
  diff: '`deploy --dry-run` is the same.',
  destroy: 'The role that CloudFormation deployed with deletes the resources.',
  bootstrap: 'This is the look at what is there. The bootstrap itself makes roles with an administrator\'s rights, and is for '
    + 'administrators.',
};

/** The actions that a command may use. */
export function actionsOf(command: string): string[] {
  return Object.values(PERMISSIONS[command]).flat();
}

/** The policy of a command; undefined where it needs none. */
export function policyOf(command: string): object | undefined {
  const entries = Object.entries(PERMISSIONS[command]) as Array<[keyof typeof RESOURCES, readonly string[]]>;
  if (entries.length === 0) return undefined;
  return { Version: '2012-10-17', Statement: entries.map(([on, Action]) => ({ Effect: 'Allow', Action, Resource: RESOURCES[on] })) };
}

/** The section of docs/permissions.md that is made: commands that need the same have one policy. */
export function policies(): string {
  const groups = new Map<string, string[]>();
  for (const command of Object.keys(PERMISSIONS)) {
    const text = JSON.stringify(policyOf(command), undefined, 2) ?? '';
    const key = NOTES[command] === undefined ? text : `${text}${command}`;
    groups.set(key, [...groups.get(key) ?? [], command]);
  }
  return [...groups.values()].map((commands) => section(commands)).join('\n');
}

function section(commands: readonly string[]): string {
  const policy = policyOf(commands[0]);
  const note = NOTES[commands[0]];
  const body = policy === undefined ? 'Nothing of AWS.' : `\`\`\`json\n${JSON.stringify(policy, undefined, 2)}\n\`\`\``;
  return `### ${commands.map((command) => `\`${command}\``).join(', ')}\n\n${note === undefined ? '' : `${note}\n\n`}${body}\n`;
}

/** docs/permissions.md as it should be. */
export function permissionsDocument(): string {
  const text = readFileSync(DOCUMENT, 'utf-8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  return `${before}${BEGIN}\n<!-- Made from projenrc/permissions.ts by "npx projen reference": edit there. -->\n\n${policies()}\n${after}`;
}
