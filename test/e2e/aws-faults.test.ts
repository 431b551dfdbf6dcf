import { join } from 'node:path';
import { isDeepStrictEqual, types } from 'node:util';
import { actionsOf, FREE_OPERATIONS } from '../../projenrc/permissions';
import { AwsAnswer, AwsServer, type Fault } from '../cli/support/aws-server';
import { TestProject, write, type FakeCdk } from '../cli/support/project';
import { cli, type Ran } from '../cli/support/run';

/*
 * Each AWS call of each command goes wrong in each way: for a moment, and for good. The calls of a command are those that it makes when
 * nothing goes wrong.
 */

jest.mock('../../src/cli/aws/retry', () => ({ MAX_ATTEMPTS: 2, CONNECTION_TIMEOUT_MS: 5000, REQUEST_TIMEOUT_MS: 150 }));
jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));
jest.mock('../../src/cli/util/run-program', () => {
  const actual = jest.requireActual<typeof import('../../src/cli/util/run-program')>('../../src/cli/util/run-program');
  const results = new Map<string, ReturnType<typeof actual.runProgram>>();
  // The stand-ins for the CDK and git do the same each time.
  const runOnce: typeof actual.runProgram = async (program, args, options) => {
    const key = JSON.stringify([program, args, options?.cwd]);
    if (!results.has(key)) results.set(key, actual.runProgram(program, args, options));
    return results.get(key)!;
  };
  return { ...actual, runProgram: runOnce };
});
jest.mock('../../src/rust/cargo/toolchain', () => ({
  ...jest.requireActual<object>('../../src/rust/cargo/toolchain'),
  findToolchain: () => ({ versions: { rustc: '1.95.0 abc', cargoLambda: 'cargo-lambda 1.9.2' }, sysroot: '/' }),
  checkTarget: () => {},
}));

const TOML = `[target]
type = "aws-lambda"
version = "1.0.0"
[aws]
region = "eu-west-1"
[server]
name = "hello"
[post_deploy_tests]
enabled = false
[deployment]
keep_versions = 1
[secrets.API_KEY]
[secrets.OTHER_KEY]
required = false
`;

/** What AWS remembers. */
interface State {
  secrets: Record<string, { value: string; token?: string; deleted?: boolean }>;
  live: string;
  revision: number;
  versions: string[];
  notes: string[];
  stack: 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'DELETE_COMPLETE';
  logGroups: string[];
  users: string[];
  monitoring: boolean;
  bootstrapped: boolean;
}

const SECRET = 'pmcp-deploy/hello/default/';

function initial(changes: Partial<State>): State {
  return {
    secrets: { [`${SECRET}API_KEY`]: { value: 'old' } },
    live: '3',
    revision: 1,
    versions: ['1', '2', '3'],
    notes: ['v1'],
    stack: 'UPDATE_COMPLETE',
    logGroups: ['hello-logs', '/aws/lambda/hello-fn'],
    users: ['grace@example.com'],
    monitoring: true,
    bootstrapped: true,
    ...changes,
  };
}

let state: State;

function stackOf({ stack, monitoring }: State) {
  if (stack === 'DELETE_COMPLETE') throw new AwsAnswer('ValidationError', 'Stack with id hello does not exist');
  const outputs = {
    helloMcpUrl: 'https://abc123.execute-api.eu-west-1.amazonaws.com/mcp',
    helloApiUrl: 'https://abc123.execute-api.eu-west-1.amazonaws.com',
    helloFunctionName: 'hello-fn',
    helloFunctionVersion: '3',
    helloLogGroupName: 'hello-logs',
    helloMcpAuth: 'cognito',
    helloMcpUserPoolId: 'eu-west-1_Ab',
    ...monitoring && { helloMetricsNamespace: 'MCP/hello' },
  };
  return {
    Stacks: [{
      StackName: 'hello',
      StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/hello/1',
      StackStatus: stack,
      CreationTime: '2026-01-01T00:00:00Z',
      Tags: [{ Key: 'pmcp-deploy:server', Value: 'hello' }, { Key: 'pmcp-deploy:stage', Value: 'default' }],
      Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    }],
  };
}

function secret(id: string) {
  const found = state.secrets[id];
  if (!found) throw new AwsAnswer('ResourceNotFoundException', 'no such secret');
  return found;
}

function about(Name: string) {
  const { deleted } = state.secrets[Name];
  return { Name, ARN: `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${Name}-AbCdEf`, DeletedDate: deleted ? 1.7e9 : undefined };
}

const aws = new AwsServer({
  'STS.GetCallerIdentity': () => ({ Account: '111111111111' }),
  'SSM.GetParameter': () => {
    if (!state.bootstrapped) throw new AwsAnswer('ParameterNotFound', 'no');
    return { Parameter: { Value: '30' } };
  },
  'CloudFormation.DescribeStacks': () => stackOf(state),
  'CloudFormation.DescribeStackEvents': () => ({
    StackEvents: [{
      EventId: '1',
      StackId: '1',
      StackName: 'hello',
      Timestamp: '2026-01-01T00:00:00Z',
      LogicalResourceId: 'Role',
      ResourceType: 'AWS::IAM::Role',
      ResourceStatus: 'UPDATE_FAILED',
      ResourceStatusReason: 'no',
    }],
  }),
  'CloudFormation.ListStackResources': () => ({
    StackResourceSummaries: [{ LogicalResourceId: 'Function', ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'hello-fn', ResourceStatus: 'CREATE_COMPLETE' }],
  }),
  'CloudFormation.DeleteStack': () => void (state.stack = 'DELETE_COMPLETE'),
  'Logs.DeleteLogGroup': ({ logGroupName }) => {
    if (!state.logGroups.includes(logGroupName)) throw new AwsAnswer('ResourceNotFoundException', 'gone');
    state.logGroups = state.logGroups.filter((each) => each !== logGroupName);
  },
  'Logs.FilterLogEvents': () => ({ events: [{ timestamp: 1.7e12, logStreamName: 'a', message: '{"level":"INFO","message":"hello","requestId":"abc"}' }] }),
  'Logs.StartQuery': () => ({ queryId: 'q' }),
  'Logs.GetQueryResults': () => ({ status: 'Complete', results: [[{ field: 'starts', value: '3' }]] }),
  'CloudWatch.GetMetricData': () => ({ MetricDataResults: [{ Id: 's0_errors', Label: 'Errors', Timestamps: [], Values: [], StatusCode: 'Complete' }] }),
  'Lambda.GetFunctionConfiguration': ({ Qualifier = '$LATEST' }) => ({ Version: Qualifier, MemorySize: 512, Architectures: ['arm64'], CodeSha256: 'a' }),
  'Lambda.GetAlias': () => ({ Name: 'live', FunctionVersion: state.live, RevisionId: String(state.revision) }),
  'Lambda.UpdateAlias': ({ FunctionVersion, RevisionId }) => {
    if (RevisionId !== String(state.revision)) throw new AwsAnswer('PreconditionFailedException', 'moved meanwhile', 412);
    state.live = FunctionVersion;
    return { FunctionVersion, RevisionId: String(++state.revision) };
  },
  'Lambda.ListAliases': () => ({ Aliases: state.notes.map((Name) => ({ Name, FunctionVersion: Name.slice(1), Description: 'commit 1234567' })) }),
  'Lambda.ListVersionsByFunction': () => ({ Versions: state.versions.map((Version) => ({ Version, LastModified: '2026-01-01T00:00:00.000+0000', CodeSha256: 'a' })) }),
  'Lambda.CreateAlias': ({ Name }) => {
    if (state.notes.includes(Name)) throw new AwsAnswer('ResourceConflictException', 'it is there', 409);
    state.notes.push(Name);
  },
  'Lambda.DeleteAlias': ({ Name }) => void (state.notes = state.notes.filter((each) => each !== Name)),
  'Lambda.DeleteFunction': ({ Qualifier }) => {
    if (!state.versions.includes(Qualifier)) throw new AwsAnswer('ResourceNotFoundException', 'gone', 404);
    state.versions = state.versions.filter((each) => each !== Qualifier);
  },
  'SecretsManager.DescribeSecret': ({ SecretId }) => ({ ...about((secret(SecretId), SecretId)), VersionIdsToStages: { ['v'.repeat(32)]: ['AWSCURRENT'] } }),
  'SecretsManager.GetSecretValue': ({ SecretId }) => {
    const { value, deleted } = secret(SecretId);
    if (deleted) throw new AwsAnswer('InvalidRequestException', 'it is deleted');
    return { SecretString: value };
  },
  'SecretsManager.ListSecrets': () => ({
    SecretList: Object.keys(state.secrets).map((name) => ({ ...about(name), SecretVersionsToStages: { v: ['AWSCURRENT'] } })),
  }),
  'SecretsManager.CreateSecret': ({ Name, SecretString, ClientRequestToken }) => {
    // The same request once more is no other one.
    if (state.secrets[Name] && state.secrets[Name].token !== ClientRequestToken) throw new AwsAnswer('ResourceExistsException', 'it is there');
    state.secrets[Name] = { value: SecretString, token: ClientRequestToken };
  },
  'SecretsManager.PutSecretValue': ({ SecretId, SecretString, ClientRequestToken }) => {
    const found = secret(SecretId);
    if (found.deleted) throw new AwsAnswer('InvalidRequestException', 'it is deleted');
    if (found.token === ClientRequestToken && found.value !== SecretString) throw new AwsAnswer('ResourceExistsException', 'another value');
    state.secrets[SecretId] = { value: SecretString, token: ClientRequestToken };
  },
  'SecretsManager.UpdateSecret': ({ SecretId }) => void secret(SecretId),
  'SecretsManager.RestoreSecret': ({ SecretId }) => void (secret(SecretId).deleted = false),
  'SecretsManager.DeleteSecret': ({ SecretId }) => {
    const found = secret(SecretId);
    if (found.deleted) throw new AwsAnswer('InvalidRequestException', 'it is deleted already');
    found.deleted = true;
  },
  'Cognito.ListUsers': () => ({ Users: state.users.map((Username) => ({ Username, UserStatus: 'CONFIRMED' })) }),
  'Cognito.AdminCreateUser': ({ Username }) => {
    if (state.users.includes(Username)) throw new AwsAnswer('UsernameExistsException', 'User account already exists');
    state.users.push(Username);
    return { User: { Username, UserStatus: 'FORCE_CHANGE_PASSWORD' } };
  },
});

interface Command {
  readonly name: string;
  readonly args: string[];
  readonly state?: Partial<State>;
  readonly cdk?: FakeCdk;

  /** Operations whose failure only causes a warning. */
  readonly dispensable?: readonly string[];

  /** Operations whose failure leaves something that the message tells how to remove. */
  readonly leaves?: Readonly<Record<string, RegExp>>;
}

/** A deployment that is live is none that failed, even if old versions stay or nobody notes the commit. */
const AFTERWARDS = ['Lambda.ListAliases', 'Lambda.ListVersionsByFunction', 'Lambda.CreateAlias', 'Lambda.DeleteAlias', 'Lambda.DeleteFunction'];

const COMMANDS: readonly Command[] = [
  { name: 'outputs', args: ['outputs'] },
  { name: 'status', args: ['status'], state: { stack: 'UPDATE_ROLLBACK_COMPLETE' } },
  { name: 'stages', args: ['stages'], dispensable: ['CloudFormation.DescribeStacks'] },
  { name: 'connect', args: ['connect', 'cursor'] },
  { name: 'logs', args: ['logs', '--since', '30d'] },
  { name: 'logs of a request', args: ['logs', '--since', '30d', '--request-id', 'abc'] },
  { name: 'metrics', args: ['metrics'] },
  { name: 'metrics without monitoring', args: ['metrics'], state: { monitoring: false } },
  { name: 'secrets list', args: ['secrets', 'list'] },
  { name: 'secrets set, a new one', args: ['secrets', 'set', 'API_KEY', '--file', 'value'], state: { secrets: {} } },
  { name: 'secrets set, another value and key', args: ['secrets', 'set', 'API_KEY', '--file', 'value', '--kms-key', 'alias/mine'] },
  {
    name: 'secrets set, a deleted one',
    args: ['secrets', 'set', 'API_KEY', '--file', 'value'],
    state: { secrets: { [`${SECRET}API_KEY`]: { value: 'old', deleted: true } } },
  },
  { name: 'secrets import', args: ['secrets', 'import', 'values.env'] },
  { name: 'secrets delete', args: ['secrets', 'delete', 'API_KEY', '--yes'] },
  { name: 'users list', args: ['users', 'list'] },
  { name: 'users add', args: ['users', 'add', 'ada@example.com'] },
  { name: 'diff', args: ['diff'] },
  { name: 'rollback', args: ['rollback', '--yes'] },
  { name: 'rollback --list', args: ['rollback', '--list'] },
  { name: 'bootstrap', args: ['bootstrap', '--yes'], state: { bootstrapped: false } },
  {
    name: 'destroy',
    args: ['destroy', '--yes'],
    leaves: { 'Logs.DeleteLogGroup': /delete-log-group --region eu-west-1 --log-group-name \/aws\/lambda\/hello-fn\n/ },
  },
  { name: 'deploy', args: ['deploy'], dispensable: AFTERWARDS },
  { name: 'deploy after a rollback', args: ['deploy'], state: { live: '2', versions: ['2', '3'], notes: ['v3'] }, dispensable: AFTERWARDS },
];

let project: TestProject;

beforeAll(() => aws.start());
beforeAll(() => {
  // Under jest, the errors of Node.js itself are no instances of the global Error, and the SDK would wrap them.
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      return (this === Error && types.isNativeError(value)) || Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
});
afterAll(() => aws.stop());

beforeEach(() => {
  project = new TestProject(TOML);
  project.tool('git', 'case "$*" in *rev-parse*) echo 1234567890abcdef1234567890abcdef12345678;; *status*) ;; esac');
  write(join(project.root, 'value'), 'new\n');
  write(join(project.root, 'values.env'), 'API_KEY=new\nOTHER_KEY=other\n');
  // No pause between tries: how long they are is the SDK's business.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => jest.restoreAllMocks());

async function run(command: Command): Promise<Ran & { end: State }> {
  state = structuredClone(initial(command.state ?? {}));
  const env = { ...project.environment(), AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', NO_COLOR: '1' };
  const ran = await cli(project.root, env, ...command.args);
  return { ...ran, stderr: ran.stderr.replace(/\d+ ms/g, '0 ms'), end: withoutTokens(state) };
}

/** Each run has tokens of its own. */
function withoutTokens({ secrets, ...rest }: State): State {
  return { ...rest, secrets: Object.fromEntries(Object.entries(secrets).map(([name, { value, deleted = false }]) => [name, { value, deleted }])) };
}

const EXPECTED: Record<Exclude<Fault, 'lost answer'>, { readonly message: RegExp; readonly code: number }> = {
  'throttling': { message: /AWS throttled every attempt while .+: Rate exceeded/, code: 2 },
  'failure': { message: /AWS failed with HTTP 500 in every attempt while .+/, code: 2 },
  'silence': { message: /cannot reach AWS in eu-west-1 while .+: no answer within 0\.15 s in any attempt/, code: 2 },
  'expired credentials': { message: /the AWS credentials have expired; they came from one of: environment \(AWS_ACCESS_KEY_ID is set\)/, code: 1 },
  'cut connection': { message: /cannot reach AWS in eu-west-1 while .+: (socket hang up|read ECONNRESET)/, code: 2 },
};

const FAULTS = Object.keys(EXPECTED) as Array<keyof typeof EXPECTED>;
const LONG = 60_000;
const FOR_GOOD = 1000;

/** The prefixes of actions, where they are not the names of the services in small letters. */
const PREFIXES: Readonly<Record<string, string>> = { Cognito: 'cognito-idp' };

/** The permission that an operation needs. */
function permissionOf(operation: string): string {
  const [service, name] = operation.split('.');
  return `${PREFIXES[service] ?? service.toLowerCase()}:${name}`;
}

describe.each(COMMANDS)('$name', (command) => {
  test('aws B7: calls nothing that the permissions of the documents do not allow', async () => {
    aws.operations.clear();
    aws.mend();
    expect(await run(command)).toMatchObject({ code: 0 });
    const allowed = new Set([...actionsOf(command.args[0]), ...FREE_OPERATIONS]);
    expect(aws.operations.size).toBeGreaterThan(0);
    expect([...aws.operations].map(permissionOf).filter((permission) => !allowed.has(permission))).toEqual([]);
  }, LONG);

  test('is not disturbed by what passes', async () => {
    aws.operations.clear();
    aws.mend();
    const healthy = await run(command);
    expect(healthy).toMatchObject({ code: 0 });
    expect(healthy.stderr).not.toMatch(/^!/m);
    const operations = [...aws.operations];
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) {
      for (const fault of ['throttling', 'failure', 'silence', 'cut connection'] as const) {
        aws.break(operation, fault, 1);
        expect({ operation, fault, ...await run(command) }).toEqual({ operation, fault, ...healthy });
      }
      // What was done is not done twice, and is not taken for a mistake.
      aws.break(operation, 'lost answer', 1);
      const { code, end } = await run(command);
      expect({ operation, code, end }).toEqual({ operation, code: healthy.code, end: healthy.end });
    }
  }, LONG);

  test('says what is wrong when it does not pass, and leaves nothing half done', async () => {
    aws.operations.clear();
    aws.mend();
    const healthy = await run(command);
    const before = withoutTokens(initial(command.state ?? {}));
    for (const operation of [...aws.operations]) {
      for (const fault of FAULTS) {
        const { message, code } = EXPECTED[fault];
        aws.break(operation, fault, FOR_GOOD);
        const { end, ...ran } = await run(command);
        const goesOn = command.dispensable?.includes(operation) === true;
        expect({ operation, fault, code: ran.code }).toEqual({ operation, fault, code: goesOn ? 0 : code });
        expect({ operation, fault, text: ran.stderr }).toEqual({ operation, fault, text: expect.stringMatching(message) });
        expect(ran.stderr).not.toMatch(/^\s+at |\[object|undefined/m);
        expect(ran.stderr.split('\n').filter((line) => line.startsWith('error:'))).toHaveLength(goesOn ? 0 : 1);
        aws.mend();
        const leaves = command.leaves?.[operation];
        if (leaves) {
          expect(ran.stderr).toMatch(leaves);
        } else if (!isDeepStrictEqual(end, before)) {
          // Run again, it comes to the same end as if nothing had been wrong.
          const again = await run({ ...command, state: { ...state } });
          expect({ operation, fault, end: again.end }).toEqual({ operation, fault, end: healthy.end });
        }
      }
    }
  }, LONG);
});
