import {
  CognitoIdentityProviderClient, DeleteManagedLoginBrandingCommand, DeleteUserPoolClientCommand, DescribeManagedLoginBrandingByClientCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { readSettings } from './shared/http';
import { CLIENTS, CLIENT_PREFIX, countDown, dynamo, nowInSeconds } from './shared/registry';
import type { RegistrationSettings } from '../auth/discovery/handler-settings';

const cognito = new CognitoIdentityProviderClient({});

/** Removes the registered clients that have got no token for long. Clients that nobody registered here are not in the table, and stay. */
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
      await remove(pk.S!.slice(CLIENT_PREFIX.length), config);
      removed++;
    }
  }
  console.log(JSON.stringify({ message: 'pruned', removed }));
  return { removed };
}

async function remove(clientId: string, config: RegistrationSettings): Promise<void> {
  const ofClient = { UserPoolId: config.userPoolId, ClientId: clientId };
  // The style first: it is found by its client, and AWS does not say that it goes with it.
  if (config.managedLogin) await unlessGone(async () => deleteStyle(ofClient));
  await unlessGone(async () => cognito.send(new DeleteUserPoolClientCommand(ofClient)));
  await dynamo.send(new DeleteItemCommand({ TableName: config.table, Key: { pk: { S: `${CLIENT_PREFIX}${clientId}` } } }));
  await countDown(config.table, CLIENTS);
}

async function deleteStyle(ofClient: { readonly UserPoolId: string; readonly ClientId: string }): Promise<void> {
  const { ManagedLoginBranding } = await cognito.send(new DescribeManagedLoginBrandingByClientCommand(ofClient));
  const id = ManagedLoginBranding?.ManagedLoginBrandingId;
  if (id !== undefined) {
    await cognito.send(new DeleteManagedLoginBrandingCommand({ UserPoolId: ofClient.UserPoolId, ManagedLoginBrandingId: id }));
  }
}

/** What is gone already need not be deleted. */
async function unlessGone(deletion: () => Promise<unknown>): Promise<void> {
  try {
    await deletion();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
