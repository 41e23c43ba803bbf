import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Inbox, InboxItem, NonceStore } from '../../usecases/ports/inbox.ts';
import type { Table } from './client.ts';
import { type Body, pack, type Upgrade, unpack } from './codec.ts';
import { rowOfImage } from './image.ts';
import { keyOf } from './keys.ts';
import { stateTable } from './table.ts';

const version = 1;
const upgrade: Upgrade = {};
const day = 86_400;
/** Slack's signatures are refused after minutes; a month is for whoever looks into an incident. */
const keptDays = 30;
/** No plan stays undecided for a year, and one that did would still be guarded by its own state. */
const nonceDays = 400;

const inboxKey = (id: string) => ({ pk: keyOf(['inbox', 20], [id, 1900]), sk: 'row' });
const nonceKey = (nonce: string) => ({ pk: keyOf(['nonce', 20], [nonce, 1900]), sk: 'row' });
const secondsOf = (time: string) => Math.floor(Date.parse(time) / 1000);

/** What Slack sent, in DynamoDB. A row expires only once it is done. */
export function dynamoInbox({ client, name }: Table): Inbox {
  return {
    store: (item) =>
      heldConditionally(
        client.send(
          new PutCommand({
            TableName: name,
            Item: {
              ...inboxKey(item.id),
              ...pack(version, item),
              until: secondsOf(item.receivedAt) + keptDays * day,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    find: async (id) => {
      const { Item } = await client.send(new GetCommand({ TableName: name, Key: inboxKey(id), ConsistentRead: true }));
      if (Item === undefined || Item[stateTable.timeToLive] !== undefined) return undefined;
      return unpack(Item as unknown as Body, version, upgrade) as InboxItem;
    },
    done: async (id, answer) => {
      await heldConditionally(
        client.send(
          new UpdateCommand({
            TableName: name,
            Key: inboxKey(id),
            UpdateExpression: answer === undefined ? 'set #x = #until' : 'set #x = #until, a = :answer',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: { '#x': stateTable.timeToLive, '#until': 'until' },
            ...(answer !== undefined && { ExpressionAttributeValues: { ':answer': answer } }),
          }),
        ),
      );
    },
    answer: async (id) => {
      const { Item } = await client.send(new GetCommand({ TableName: name, Key: inboxKey(id), ConsistentRead: true }));
      return Item?.a as string | undefined;
    },
  };
}

/** Spent nonces in DynamoDB. */
export function dynamoNonceStore({ client, name }: Table): NonceStore {
  return {
    spend: async (nonce, by, at) => {
      try {
        await client.send(
          new PutCommand({
            TableName: name,
            Item: { ...nonceKey(nonce), v: 1, by, [stateTable.timeToLive]: secondsOf(at) + nonceDays * day },
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (fault) {
        if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
        return rowOfImage(fault.Item ?? {}).by === by;
      }
    },
  };
}

/** True when written, false when the condition refused it. */
export async function heldConditionally(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (fault) {
    if (fault instanceof ConditionalCheckFailedException) return false;
    throw fault;
  }
}
