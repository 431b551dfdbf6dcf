import type { AdminCreateUserCommandInput, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { aws, cognito, type AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';

/** Somebody who may sign in. */
export interface User {
  readonly email: string;

  /** For example `FORCE_CHANGE_PASSWORD`, before the first sign-in. */
  readonly status: string;
  readonly enabled: boolean;
  readonly created?: string;
}

/**
 * Adds a user. Without a password, Amazon Cognito makes a temporary one and sends it by e-mail.
 *
 * @throws CliError when there is one already, or the password is not what the pool wants
 */
export async function addUser(target: AwsTarget, pool: string, email: string, password?: string): Promise<void> {
  await aws(target, `adding ${email} to user pool ${pool}`, async () => {
    const { AdminSetUserPasswordCommand } = await import('../aws/sdk/cognito');
    const client = await cognito(target);
    const user = { UserPoolId: pool, Username: email };
    try {
      await createUser(client, {
        ...user,
        // Whoever is added by hand is known.
        UserAttributes: [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }],
        ...password === undefined ? { DesiredDeliveryMediums: ['EMAIL'] } : { MessageAction: 'SUPPRESS' },
      });
      if (password !== undefined) await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
    } catch (error) {
      throw toUserError(error as Error, email);
    }
  });
}

/** Creates a user. One that an earlier try has left half-made, without its answer or without its password, is no other user. */
async function createUser(client: CognitoIdentityProviderClient, input: AdminCreateUserCommandInput): Promise<void> {
  const { AdminCreateUserCommand, AdminGetUserCommand } = await import('../aws/sdk/cognito');
  try {
    await client.send(new AdminCreateUserCommand(input));
  } catch (error) {
    const { name, $metadata: { attempts = 1 } = {} } = error as { name: string; $metadata?: { attempts?: number } };
    if (name !== 'UsernameExistsException') throw error;
    if (attempts > 1) return;
    const { UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId: input.UserPoolId, Username: input.Username }));
    // Whoever was sent a temporary password has it, and needs no other one.
    if (input.MessageAction !== 'SUPPRESS' || UserStatus !== 'FORCE_CHANGE_PASSWORD') throw error;
  }
}

function toUserError(error: Error, email: string): Error {
  switch (error.name) {
    case 'UsernameExistsException':
      return new CliError(`${email} is a user already`, { cause: error });
    case 'InvalidPasswordException':
      return new CliError(`the user pool does not take the password: ${error.message}; ${email} is added, and can sign in when the password is set`, {
        hint: 'run it again with another one',
        cause: error,
      });
    default:
      return error;
  }
}

/** The users of a pool, in the order of their e-mail addresses. */
export async function listUsers(target: AwsTarget, pool: string): Promise<User[]> {
  return aws(target, `reading the users of user pool ${pool}`, async () => {
    const { paginateListUsers } = await import('../aws/sdk/cognito');
    const users: User[] = [];
    for await (const { Users = [] } of paginateListUsers({ client: await cognito(target) }, { UserPoolId: pool })) {
      users.push(...Users.map(({ Username = '', Attributes = [], UserStatus = '', Enabled = true, UserCreateDate }) => ({
        email: Attributes.find(({ Name }) => Name === 'email')?.Value ?? Username,
        status: UserStatus,
        enabled: Enabled,
        created: UserCreateDate?.toISOString(),
      })));
    }
    return users.sort((a, b) => a.email.localeCompare(b.email));
  });
}
