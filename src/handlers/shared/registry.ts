import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

export const dynamo = new DynamoDBClient({});

/** Key of the number of registered clients. */
export const CLIENTS = 'clients';

/** Prefix of the key of a registered client. */
export const CLIENT_PREFIX = 'client#';

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Increment a counter, unless it has reached the limit. Concurrent callers cannot exceed the limit. */
export async function countUp(table: string, key: string, limit: number, expires?: number): Promise<boolean> {
  try {
    await dynamo.send(new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: key } },
      UpdateExpression: expires === undefined ? 'ADD n :one' : 'ADD n :one SET expires = :expires',
      ConditionExpression: 'attribute_not_exists(n) OR n < :limit',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':limit': { N: String(limit) },
        ...expires === undefined ? {} : { ':expires': { N: String(expires) } },
      },
    }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Decrement a counter. */
export async function countDown(table: string, key: string): Promise<void> {
  await dynamo.send(new UpdateItemCommand({
    TableName: table,
    Key: { pk: { S: key } },
    UpdateExpression: 'ADD n :less',
    ExpressionAttributeValues: { ':less': { N: '-1' } },
  }));
}
