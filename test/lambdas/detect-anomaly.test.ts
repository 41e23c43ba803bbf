import type { DynamoDBRecord } from 'aws-lambda';
import { markedRecord, unscoredOf } from '../../adapters/dynamodb/stream.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';
import { rankBy } from '../../core/usage/bounded.ts';
import { detectAnomalyHandler } from '../../lambdas/detect-anomaly/handler.ts';
import { sweepUnscoredHandler } from '../../lambdas/sweep-unscored/handler.ts';
import { eventOf, ledgerOf, ledgerOptions, today } from '../core/anomaly/ledger-of.ts';

async function world() {
  const ledger = memoryLedgerStore({ rank: rankBy(ledgerOptions.key) });
  const { cases, verdicts } = memoryState();
  const events = ['alice', 'bob'].map((who) => eventOf({ at: today, who, does: 'iam:CreateUser', id: `user-${who}` }));
  await ledger.join(ledgerOf(events));
  const failed: string[] = [];
  const counted: [string, number][] = [];
  const deps = {
    ledger,
    cases,
    verdicts: {
      ofActor: async (actor: ActorId) => {
        if (broken.has(actor)) throw new Error('throttled');
        return verdicts.ofActor(actor);
      },
    },
    now: () => '2026-03-02T10:00:00Z' as Instant,
    markOf: (record: DynamoDBRecord) => unscoredOf(record),
    failed: (place: string) => void failed.push(place),
    count: (metric: string, by: number) => void counted.push([metric, by]),
  };
  const broken = new Set<string>();
  const marks = await ledger.unscored(100);
  const records = marks.map((mark, i) => markedRecord(mark, `${100 + i}`) as DynamoDBRecord);
  const sequencesOf = (name: string) => marks.flatMap(({ key }, i) => (key.actor.endsWith(name) ? [`${100 + i}`] : []));
  return { deps, records, sequencesOf, broken, failed, counted, ledger, cases };
}

const alice = 'arn:aws:iam::111122223333:user/alice';

test('what the stream delivers becomes cases, and the marks go', async () => {
  const { deps, records, ledger, cases } = await world();
  expect(await detectAnomalyHandler(deps)({ Records: records })).toEqual({ batchItemFailures: [] });
  expect((await cases.list(10)).map(({ eventIDs }) => eventIDs[0]).sort()).toEqual(['user-alice', 'user-bob']);
  expect(await ledger.unscored(10)).toEqual([]);
});

test('only the records of an actor that failed come back', async () => {
  const { deps, records, sequencesOf, broken, failed, cases } = await world();
  broken.add(alice);
  const { batchItemFailures } = await detectAnomalyHandler(deps)({ Records: records });
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(sequencesOf('alice').sort());
  expect(failed).toEqual([alice]);
  expect((await cases.list(10)).map(({ actor }) => actor)).toEqual(['arn:aws:iam::111122223333:user/bob']);
});

test('a record that cannot be read comes back, the others go on', async () => {
  const { deps, records, cases } = await world();
  const poison = { dynamodb: { SequenceNumber: '7', NewImage: { u: { S: '1' }, v: { N: '999' } } } } as DynamoDBRecord;
  const { batchItemFailures } = await detectAnomalyHandler(deps)({ Records: [poison, ...records] });
  expect(batchItemFailures).toEqual([{ itemIdentifier: '7' }]);
  expect(await cases.list(10)).toHaveLength(2);
});

test('a record of anything else is no work', async () => {
  const { deps, cases } = await world();
  const other = { dynamodb: { SequenceNumber: '8', NewImage: { pk: { S: '#coverage' } } } } as DynamoDBRecord;
  expect(await detectAnomalyHandler(deps)({ Records: [other] })).toEqual({ batchItemFailures: [] });
  expect(await cases.list(10)).toEqual([]);
});

test('the sweep scores what is left, counts it, and throws once all were tried', async () => {
  const { deps, broken, counted, failed, cases, ledger } = await world();
  const waiting = (await ledger.unscored(100)).length;
  broken.add(alice);
  await expect(sweepUnscoredHandler(deps)()).rejects.toThrow('1 actors could not be scored');
  expect(failed).toEqual([alice]);
  expect(counted).toEqual([['UnscoredItems', waiting]]);
  expect(await cases.list(10)).toHaveLength(1);
  broken.clear();
  expect(await sweepUnscoredHandler(deps)()).toMatchObject({ actors: 1, commits: 1, faults: [] });
  expect(await ledger.unscored(10)).toEqual([]);
});
