import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageStore, StoredMessage } from '../../usecases/ports/slack.ts';
import type { Table } from './client.ts';
import { heldConditionally } from './inbox.ts';
import { keyOf } from './keys.ts';
import { again, retrying } from './retry.ts';

const messageKey = (key: string) => ({ pk: keyOf(['message', 20], [key, 1900]), sk: 'row' });
/** Its fields stand in the row by name: each is written by itself. */
const messageRow = (message: StoredMessage) => ({ ...messageKey(message.key), v: 1, ...message });

/** Which message shows what, in DynamoDB. */
export function dynamoMessageStore(table: Table): MessageStore {
  const { client, name } = table;
  const find = async (key: string): Promise<StoredMessage | undefined> => {
    const { Item } = await client.send(new GetCommand({ TableName: name, Key: messageKey(key), ConsistentRead: true }));
    return Item === undefined ? undefined : readMessage(Item);
  };
  return {
    find,
    claim: (key, channel, at) =>
      heldConditionally(
        client.send(
          new PutCommand({
            TableName: name,
            Item: messageRow({ key, channel, ts: null, claimedAt: at, digest: null }),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    reclaim: (key, claimedAt, at) =>
      heldConditionally(
        client.send(
          new UpdateCommand({
            TableName: name,
            Key: messageKey(key),
            UpdateExpression: 'set claimedAt = :at',
            ConditionExpression: 'claimedAt = :was and ts = :null',
            ExpressionAttributeValues: { ':at': at, ':was': claimedAt, ':null': null },
          }),
        ),
      ),
    resolve: async (key, ref, digest) => {
      const held = await heldConditionally(
        client.send(
          new UpdateCommand({
            TableName: name,
            Key: messageKey(key),
            UpdateExpression: 'set #channel = :channel, ts = :ts, digest = :digest',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: { '#channel': 'channel' },
            ExpressionAttributeValues: { ':channel': ref.channel, ':ts': ref.ts, ':digest': digest },
          }),
        ),
      );
      if (!held) throw new Error(`message ${key} was resolved without a claim`);
    },
    rename: (from, to) => rename(table, find, from, to),
  };
}

const readMessage = (row: Record<string, unknown>): StoredMessage => {
  const { key, channel, ts, claimedAt, digest } = row as unknown as StoredMessage;
  return { key, channel, ts, claimedAt, digest };
};

/** Both rows in one transaction; it is read again when either moved meanwhile. */
function rename({ client, name, backoff }: Table, find: MessageStore['find'], from: string, to: string): Promise<void> {
  return retrying(backoff, `renaming message ${from}`, async () => {
    const message = await find(from);
    if (message === undefined || (await find(to)) !== undefined) return undefined;
    const put = {
      TableName: name,
      Item: messageRow({ ...message, key: to }),
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    const remove = {
      TableName: name,
      Key: messageKey(from),
      ConditionExpression: 'claimedAt = :at and ts = :ts and digest = :digest',
      ExpressionAttributeValues: { ':at': message.claimedAt, ':ts': message.ts, ':digest': message.digest },
    };
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [{ Put: put }, { Delete: remove }] }));
      return undefined;
    } catch (fault) {
      if (fault instanceof TransactionCanceledException) return again;
      throw fault;
    }
  });
}
