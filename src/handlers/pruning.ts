import {
  CognitoIdentityProviderClient, DeleteManagedLoginBrandingCommand, DeleteUserPoolClientCommand,
  DescribeManagedLoginBrandingByClientCommand, ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { readSettings } from './shared/http';
import { CLIENTS, CLIENT_PREFIX, countDown, dynamo, nowInSeconds } from './shared/registry';
import type { RegistrationSettings } from '../auth/discovery/handler-settings';

const cognito = new CognitoIdentityProviderClient({});

/** Delete registered clients that have not received a token for `pruneAfterSeconds`. Other clients are not in the table, and stay. */
export async function handler(): Promise<{ readonly removed: number }> {
  const config = readSettings<RegistrationSettings>();
  let removed = 0;
  const pages = paginateScan({ client: dynamo }, {
    TableName: config.table,
    FilterExpression: 'begins_with(pk, :prefix) AND used < :cutoff',
    ExpressionAttributeValues: { ':prefix': { S: CLIENT_PREFIX }, ':cutoff': { N: String(nowInSeconds() - config.pruneAfterSeconds) } },
  });
  for await (const { Items = [] } of pages) {
    for (const { pk } of Items) {
      await removeClient(pk.S!.slice(CLIENT_PREFIX.length), config);
      removed++;
    }
  }
  console.log(JSON.stringify({ message: 'pruned', removed }));
  return { removed };
}

async function removeClient(clientId: string, config: RegistrationSettings): Promise<void> {
  const key = { UserPoolId: config.userPoolId, ClientId: clientId };
  // Delete the style first: it is found by its client, and AWS does not document that it is deleted with the client.
  if (config.managedLogin) await unlessGone(async () => deleteStyle(key));
  await unlessGone(async () => cognito.send(new DeleteUserPoolClientCommand(key)));
  await dynamo.send(new DeleteItemCommand({ TableName: config.table, Key: { pk: { S: `${CLIENT_PREFIX}${clientId}` } } }));
  await countDown(config.table, CLIENTS);
}

async function deleteStyle(key: { readonly UserPoolId: string; readonly ClientId: string }): Promise<void> {
  const { ManagedLoginBranding } = await cognito.send(new DescribeManagedLoginBrandingByClientCommand(key));
  const id = ManagedLoginBranding?.ManagedLoginBrandingId;
  if (id !== undefined) {
    await cognito.send(new DeleteManagedLoginBrandingCommand({ UserPoolId: key.UserPoolId, ManagedLoginBrandingId: id }));
  }
}

/** Ignore that the resource is deleted already. */
async function unlessGone(deletion: () => Promise<unknown>): Promise<void> {
  try {
    await deletion();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
