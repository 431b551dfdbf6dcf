import {
  AdminCreateUserCommand, AdminGetUserCommand, AdminSetUserPasswordCommand, CognitoIdentityProviderClient, ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { readValue } from '../../../src/cli/secrets/value';
import { awsError, emptyAccount, stackIs } from '../support/aws';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

jest.mock('../../../src/cli/secrets/value');

const cognito = mockClient(CognitoIdentityProviderClient);
const POOL = 'eu-west-1_Ab';
let project: TestProject;

function outputs(values: Record<string, string>) {
  stackIs({ Outputs: Object.entries(values).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) });
}

function server(name: string, auth: string, more: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries({
    FunctionName: 'f',
    McpUrl: `https://${name}.example.com/mcp`,
    McpAuth: auth,
    ...more,
  }).map(([key, value]) => [`${name}${key}`, value]));
}

beforeEach(() => {
  emptyAccount();
  cognito.reset();
  project = new TestProject();
  outputs(server('hello', 'cognito', { McpUserPoolId: POOL }));
});

async function users(...args: string[]) {
  return cli(project.root, project.environment(), 'users', ...args);
}

test('a user gets a temporary password by e-mail', async () => {
  const { code, stderr } = await users('add', 'ada@example.com');
  expect(stderr).toBe('✔ ada@example.com can sign in\n  Amazon Cognito sends a temporary password by e-mail\n');
  expect(code).toBe(0);
  expect(cognito.commandCalls(AdminCreateUserCommand).map(({ args }) => args[0].input)).toEqual([{
    UserPoolId: POOL,
    Username: 'ada@example.com',
    UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }, { Name: 'email_verified', Value: 'true' }],
    DesiredDeliveryMediums: ['EMAIL'],
  }]);
  expect(cognito.commandCalls(AdminSetUserPasswordCommand)).toHaveLength(0);
});

test('a password is asked for, and never shown', async () => {
  jest.mocked(readValue).mockResolvedValue('Analytical-1843');
  const { stdout, stderr } = await users('add', 'ada@example.com', '--set-password');
  expect(readValue).toHaveBeenCalledWith('the password of ada@example.com');
  expect(cognito.commandCalls(AdminCreateUserCommand)[0].args[0].input).toMatchObject({ MessageAction: 'SUPPRESS' });
  expect(cognito.commandCalls(AdminSetUserPasswordCommand)[0].args[0].input).toEqual({
    UserPoolId: POOL, Username: 'ada@example.com', Password: 'Analytical-1843', Permanent: true,
  });
  expect(stdout + stderr).not.toContain('Analytical');
});

test.each(['ada', 'ada@', 'ada <ada@example.com>', '@example.com'])('%j is not an e-mail address', async (email) => {
  const { code, stderr } = await users('add', email);
  expect(stderr).toBe(`error: ${JSON.stringify(email)} is not an e-mail address\n`);
  expect(code).toBe(1);
  expect(cognito.calls()).toHaveLength(0);
});

test('a user that was added without its password gets it when the command is run again', async () => {
  jest.mocked(readValue).mockResolvedValue('Analytical-1843');
  cognito.on(AdminCreateUserCommand).rejects(awsError('UsernameExistsException'));
  cognito.on(AdminGetUserCommand).resolvesOnce({
    Username: '1',
    UserStatus: 'FORCE_CHANGE_PASSWORD',
  }).resolves({ Username: '1', UserStatus: 'CONFIRMED' });
  expect((await users('add', 'ada@example.com', '--set-password')).code).toBe(0);
  expect((await users('add', 'ada@example.com', '--set-password')).stderr).toBe('error: ada@example.com is a user already\n');
  expect(cognito.commandCalls(AdminSetUserPasswordCommand)).toHaveLength(1);
});

test('what the pool refuses is told', async () => {
  cognito.on(AdminCreateUserCommand).rejectsOnce(awsError('UsernameExistsException'));
  cognito.on(AdminGetUserCommand).resolves({ Username: '1', UserStatus: 'FORCE_CHANGE_PASSWORD' });
  expect((await users('add', 'ada@example.com')).stderr).toBe('error: ada@example.com is a user already\n');
  jest.mocked(readValue).mockResolvedValue('short');
  cognito.on(AdminCreateUserCommand).resolves({});
  cognito.on(AdminSetUserPasswordCommand).rejects(awsError('InvalidPasswordException', 'Password not long enough'));
  expect((await users('add', 'ada@example.com', '--set-password')).stderr).toContain(
    'error: the user pool refuses the password: Password not long enough',
  );
});

test('lists the users', async () => {
  cognito.on(ListUsersCommand)
    .resolvesOnce({
      Users: [{ Username: '1', Attributes: [{ Name: 'email', Value: 'grace@example.com' }], UserStatus: 'CONFIRMED' }],
      PaginationToken: 'next',
    })
    .resolves({
      Users: [
        {
          Username: '2',
          Attributes: [{ Name: 'email', Value: 'ada@example.com' }],
          UserStatus: 'FORCE_CHANGE_PASSWORD',
          Enabled: false,
          UserCreateDate: new Date(0),
        },
      ],
    });
  expect((await users('list')).stdout).toBe(
    'e-mail                        since\nada@example.com    disabled   1970-01-01\ngrace@example.com  CONFIRMED\n',
  );
  cognito.on(ListUsersCommand).resolves({});
  expect((await users('list')).stderr).toBe('there are no users; add one with: npx pmcp-deploy users add EMAIL\n');
  expect((await users('list', '--json')).stdout).toBe('[]\n');
});

test('there must be one pool', async () => {
  outputs({ ...server('jwt', 'jwt'), ...server('open', 'none') });
  expect((await users('list')).stderr).toBe('error: stack hello has no server with this kind of sign-in: its [auth] is jwt, none\n'
    + '  see [auth] in .pmcp/deploy.toml; a change takes effect with the next deployment\n');
  outputs({ ...server('one', 'cognito', { McpUserPoolId: 'eu-west-1_1' }), ...server('two', 'cognito', { McpUserPoolId: 'eu-west-1_2' }) });
  expect((await users('list')).stderr).toBe('error: stack hello has several servers: one, two\n  choose one with --server\n');
  cognito.on(ListUsersCommand).resolves({});
  await users('list', '--server', 'two');
  expect(cognito.commandCalls(ListUsersCommand)[0].args[0].input).toMatchObject({ UserPoolId: 'eu-west-1_2' });
});
