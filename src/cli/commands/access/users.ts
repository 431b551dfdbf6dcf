import type { Command } from 'commander';
import { openProject, stageFlags, type StageOptions } from '../../project/project';
import { CliError } from '../../util/errors';
import { examples, stageOptions } from '../../util/options';
import { note, printJson, printTable, success } from '../../util/terminal';

interface UsersOptions extends StageOptions {
  readonly server?: string;
}

interface AddOptions extends UsersOptions {
  readonly setPassword?: boolean;
}

interface ListOptions extends UsersOptions {
  readonly json?: boolean;
}

export function register(program: Command): void {
  const users = program.command('users').description('manage the users who may sign in to the deployed server with Amazon Cognito');
  registerAdd(users);
  registerList(users);
  examples(users,
    ['pmcp-deploy users add ada@example.com', 'add a user, who gets a temporary password by e-mail'],
    ['pmcp-deploy users list', 'list the users']);
}

function registerAdd(users: Command): void {
  const command = users.command('add')
    .description('add a user, to whom Amazon Cognito sends a temporary password by e-mail')
    .argument('<email>', 'e-mail address to sign in with')
    .option('--set-password', 'send no e-mail, and read the password from a hidden prompt or standard input')
    .option('--server <name>', 'server to use, if several have a user pool');
  examples(stageOptions(command),
    ['pmcp-deploy users add ada@example.com', 'add a user, who gets a temporary password by e-mail'],
    ['pmcp-deploy users add ada@example.com --set-password', 'add a user, and ask for the password']);
  command.action(async (email: string, options: AddOptions) => {
    if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(email)) throw new CliError(`${JSON.stringify(email)} is not an e-mail address`);
    const { addUser } = await import('../../users/pool');
    const { project, pool } = await userPool(options);
    const password = options.setPassword ? await readPassword(email) : undefined;
    await addUser(project, pool, email, password);
    success(`${email} can sign in`);
    note(password === undefined
      ? '  Amazon Cognito sends a temporary password by e-mail'
      : `  try it: npx pmcp-deploy login${stageFlags(project)}`);
  });
}

function registerList(users: Command): void {
  const command = users.command('list')
    .description('list the users')
    .option('--server <name>', 'server to use, if several have a user pool')
    .option('--json', 'print JSON');
  examples(stageOptions(command), ['pmcp-deploy users list', 'list the users']);
  command.action(async (options: ListOptions) => {
    const { listUsers } = await import('../../users/pool');
    const { project, pool } = await userPool(options);
    const found = await listUsers(project, pool);
    if (options.json) return printJson(found);
    if (found.length === 0) return note(`there are no users; add one with: npx pmcp-deploy users add EMAIL${stageFlags(project)}`);
    await printTable(
      found.map(({ email, status, enabled, created }) => [email, enabled ? status : 'disabled', created?.slice(0, 10) ?? '']),
      ['e-mail', '', 'since'],
    );
  });
}

async function userPool(options: UsersOptions) {
  const { findProtectedServer } = await import('../../login/protected-servers');
  const project = await openProject(options);
  const { userPoolId } = await findProtectedServer(project, options.server, (server) => server.userPoolId !== undefined);
  return { project, pool: userPoolId! };
}

async function readPassword(email: string): Promise<string> {
  const { readValue } = await import('../../secrets/value');
  const password = await readValue(`the password of ${email}`);
  if (password === '') throw new CliError('the password is empty');
  return password;
}
