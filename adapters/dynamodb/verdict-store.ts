import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Verdict } from '../../core/anomaly/case.ts';
import type { VerdictStore } from '../../usecases/ports/state-stores.ts';
import type { Table } from './client.ts';
import { type Body, pack, type Upgrade, unpack } from './codec.ts';
import { type Key, keyOf } from './keys.ts';
import { queryRows } from './query.ts';
import { mapLimited } from './retry.ts';

const version = 1;
const upgrade: Upgrade = {};
const verdictPk = (actor: string) => keyOf(['verdict', 20], [actor, 1900]);
const verdictKey = ({ actor, facet, case: id }: Verdict): Key => ({
  pk: verdictPk(actor),
  sk: keyOf([id, 100], [facet.kind, 20], [facet.action ?? null, 300], [facet.value ?? null, 300]),
});

/** Verdicts in DynamoDB: the latest of a facet and case stands, whatever the order of writing. */
export function dynamoVerdictStore(table: Table): VerdictStore {
  const put = async (verdict: Verdict) => {
    const Item = { ...verdictKey(verdict), ...pack(version, verdict), at: verdict.at };
    await table.client
      .send(
        new PutCommand({
          TableName: table.name,
          Item,
          ConditionExpression: 'attribute_not_exists(pk) or #at < :at',
          ExpressionAttributeNames: { '#at': 'at' },
          ExpressionAttributeValues: { ':at': verdict.at },
        }),
      )
      .catch((fault: unknown) => {
        if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
      });
  };
  return {
    put: async (verdicts) => {
      await mapLimited(verdicts, 8, put);
    },
    ofActor: async (actor) =>
      (await queryRows(table, verdictPk(actor))).map(
        (row) => unpack(row as unknown as Body, version, upgrade) as Verdict,
      ),
  };
}
