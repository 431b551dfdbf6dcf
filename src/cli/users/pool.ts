import type { AdminCreateUserCommandInput, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { aws, cognito, type AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';

/** A user of a user pool. */
export interface User {
  readonly email: string;

  /** For example `FORCE_CHANGE_PASSWORD`, before the first sign-in. */
  readonly status: string;
  readonly enabled: boolean;
  readonly created?: string;
}

/**
 * Add a user. Without a password, Amazon Cognito creates a temporary one and sends it by e-mail.
 *
 * @throws CliError if the user exists already, or the password does not meet the policy of the pool
 */
export async function addUser(target: AwsTarget, pool: string, email: string, password?: string): Promise<void> {
  await aws(target, `adding ${email} to user pool ${pool}`, async () => {
    const { AdminSetUserPasswordCommand } = await import('../aws/sdk/cognito');
    const client = await cognito(target);
    const user = { UserPoolId: pool, Username: email };
    try {
      await createUser(client, {
        ...user,
        // An administrator vouches for the address of a user that is added here.
        UserAttributes: [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }],
        ...password === undefined ? { DesiredDeliveryMediums: ['EMAIL'] } : { MessageAction: 'SUPPRESS' },
      });
      if (password !== undefined) await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
    } catch (error) {
      throw toUserError(error as Error, email);
    }
  });
}

/** Create a user. Tolerates a user that an earlier, interrupted attempt created. */
async function createUser(client: CognitoIdentityProviderClient, input: AdminCreateUserCommandInput): Promise<void> {
  const { AdminCreateUserCommand, AdminGetUserCommand } = await import('../aws/sdk/cognito');
  try {
    await client.send(new AdminCreateUserCommand(input));
  } catch (error) {
    const { name, $metadata: { attempts = 1 } = {} } = error as { name: string; $metadata?: { attempts?: number } };
    if (name !== 'UsernameExistsException') throw error;
    if (attempts > 1) return;
    const { UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId: input.UserPoolId, Username: input.Username }));
    // Without --set-password, the existing user has received a temporary password by e-mail.
    if (input.MessageAction !== 'SUPPRESS' || UserStatus !== 'FORCE_CHANGE_PASSWORD') throw error;
  }
}

function toUserError(error: Error, email: string): Error {
  switch (error.name) {
    case 'UsernameExistsException':
      return new CliError(`${email} is a user already`, { cause: error });
    case 'InvalidPasswordException':
      return new CliError(`the user pool refuses the password: ${error.message}; ${email} is added, but cannot sign in before it is set`, {
        hint: 'run the command again with another password',
        cause: error,
      });
    default:
      return error;
  }
}

/** The users of a pool, sorted by e-mail address. */
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
