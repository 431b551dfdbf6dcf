import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { readSettings } from './shared/http';
import { CLIENT_PREFIX, dynamo, nowInSeconds } from './shared/registry';

interface TokenEvent {
  readonly callerContext: { readonly clientId: string };
}

/** Record the use of a registered client before the user pool issues tokens. The tokens are not changed. */
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
    // The condition fails for a client that did not register itself. Other errors must not prevent the sign-in.
    if (!(error instanceof ConditionalCheckFailedException)) {
      console.error(JSON.stringify({ message: 'cannot record the use of a client', error: String(error) }));
    }
  }
  return event;
}
