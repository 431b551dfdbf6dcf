import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { readSettings } from './shared/http';
import { CLIENT_PREFIX, dynamo, nowInSeconds } from './shared/registry';

interface TokenEvent {
  readonly callerContext: { readonly clientId: string };
}

/** Notes, before a user pool hands out tokens, that a registered client is in use. The tokens stay as they are. */
export async function handler<T extends TokenEvent>(event: T): Promise<T> {
  try {
    await dynamo.send(new UpdateItemCommand({
      TableName: readSettings<{ table: string }>().table,
      Key: { pk: { S: `${CLIENT_PREFIX}${event.callerContext.clientId}` } },
      UpdateExpression: 'SET used = :now',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': { N: String(nowInSeconds()) } },
    }));
  } catch (error) {
    // A client that did not register itself; and nobody is to be kept from signing in because a note cannot be taken.
    if (!(error instanceof ConditionalCheckFailedException)) console.error(JSON.stringify({ message: 'cannot note the use of a client', error: String(error) }));
  }
  return event;
}
