import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type AggregateShape, aggregateRow, readAggregate } from '../../../adapters/dynamodb/aggregate-store.ts';
import { caseShape } from '../../../adapters/dynamodb/case-store.ts';
import { changeShape } from '../../../adapters/dynamodb/change-store.ts';
import { pack, type Upgrade, unpack } from '../../../adapters/dynamodb/codec.ts';
import { imageOf, rowOfImage } from '../../../adapters/dynamodb/image.ts';
import { keyOf } from '../../../adapters/dynamodb/keys.ts';
import { leaseShape } from '../../../adapters/dynamodb/lease-store.ts';
import { itemKey, itemRow, readItem } from '../../../adapters/dynamodb/ledger-row.ts';
import { eventRow, readEvent } from '../../../adapters/dynamodb/outbox.ts';
import { settingsShape } from '../../../adapters/dynamodb/settings-store.ts';
import { committedOf, committedRecord, markedRecord, unscoredOf } from '../../../adapters/dynamodb/stream.ts';
import { sizeOf } from '../../../bench/metered-table.ts';
import { dueAt } from '../../../core/leases/due.ts';
import { type Lease, upgradeLease } from '../../../core/leases/lease.ts';
import { type Day, dayAt, instantAt } from '../../../core/time.ts';
import { keyText, type LedgerItem } from '../../../core/usage/item.ts';
import {
  aCase,
  aChange,
  aLease,
  entry,
  firstUse,
  happened,
  instant,
  item,
  settings,
} from '../../contracts/examples.ts';

const setItem = item({
  kind: 'resource',
  entries: new Map([
    ['arn:aws:s3:::one/ä', { ...entry(), days: ['2026-01-01', '2026-03-01'] as Day[], returns: [firstUse()] }],
    ['arn:aws:s3:::two', entry({ mfa: true, network: null, session: null, historic: true })],
  ]),
  overflow: true,
});

type Reader = (row: Record<string, unknown>) => unknown;
const reading =
  <T extends { version: number }>(shape: AggregateShape<T>): Reader =>
  (row) =>
    readAggregate(shape, row);

/** What the rows of each stored version hold. A row, once stored, is read for ever: add a file a version, change none. */
const held: Readonly<Record<string, { row: () => Record<string, unknown>; read: Reader; value: unknown }>> = {
  item: {
    row: () => ({ ...itemRow({ item: setItem, revision: 3 }, true) }),
    read: readItem,
    value: { item: setItem, revision: 3 },
  },
  case: { row: () => aggregateRow(caseShape, aCase()), read: reading(caseShape), value: aCase() },
  change: { row: () => aggregateRow(changeShape, aChange()), read: reading(changeShape), value: aChange() },
  lease: { row: () => aggregateRow(leaseShape, aLease()), read: reading(leaseShape), value: aLease() },
  settings: { row: () => aggregateRow(settingsShape, settings()), read: reading(settingsShape), value: settings() },
  event: { row: () => eventRow(happened('case', 'case-1')), read: readEvent, value: happened('case', 'case-1') },
};

const stored = JSON.parse(
  readFileSync(new URL('../../releases/dynamodb-rows-1.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, unknown>>;

test('a lease of version 1 that was prepared may be in IAM, and one that was being revoked is due from its start', () => {
  const old = (state: string) => upgradeLease({ ...aLease(), v: 1, state }) as unknown as Lease;
  expect(old('prepared')).toMatchObject({ v: 2, state: 'provisioning', generation: 1, residue: [], retryAt: null });
  expect(dueAt(old('revoking'))).toBe(aLease().startsAt);
  expect(dueAt(old('active'))).toBe(aLease().endsAt);
});

test.each(Object.keys(held))('a row of version 1 that holds a %s is still read', (name) => {
  expect(held[name]!.read(rowOfImage(stored[name]!))).toEqual(held[name]!.value);
});

test.each(Object.keys(held))('a %s goes into its row and comes back', (name) => {
  const { row, read, value } = held[name]!;
  expect(read(row())).toEqual(value);
  expect(read(rowOfImage(imageOf(row())))).toEqual(value);
});

describe('versions', () => {
  const upgrade: Upgrade = {
    1: ({ name }) => ({ names: [name] }),
    2: ({ names }) => ({ names, count: (names as unknown[]).length }),
  };

  test('a body of an earlier version is brought to the current one step by step', () => {
    expect(unpack(pack(1, { name: 'ada' }), 3, upgrade)).toEqual({ names: ['ada'], count: 1 });
    expect(unpack(pack(2, { names: [] }), 3, upgrade)).toEqual({ names: [], count: 0 });
    expect(unpack(pack(3, { names: [], count: 7 }), 3, upgrade)).toEqual({ names: [], count: 7 });
  });

  test('a body that no step leads from is a fault: one of a later version too', () => {
    expect(() => unpack(pack(4, {}), 3, upgrade)).toThrow(/version 4 cannot be read by code that writes 3/);
    expect(() => unpack(pack(1, {}), 2, {})).toThrow(/version 1 cannot be read/);
    expect(() => unpack({ v: 1 }, 1, {})).toThrow(/no body/);
  });

  test('short bodies stay readable, long ones are deflated, both come back', () => {
    const long = Array.from({ length: 200 }, (_, n) => `arn:aws:s3:::bucket/${n}`);
    expect(pack(1, { a: 1 }).j).toBe('{"a":1}');
    expect(pack(1, long).b!.byteLength).toBeLessThan(JSON.stringify(long).length / 4);
    expect(unpack(pack(1, long), 1, {})).toEqual(long);
  });
});

describe('keys', () => {
  const part = fc.oneof(
    fc.constant(null),
    fc.string({ maxLength: 6 }),
    fc.string({ unit: fc.constantFrom('|', '%', 'a', '0', '#', 'ä') }),
    fc.string({ minLength: 60, maxLength: 70, unit: fc.constantFrom('a', '|') }),
  );

  test('two lists of parts meet in no key', () => {
    const key = (parts: readonly (string | null)[]) => keyOf(...parts.map((one) => [one, 50] as const));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        (a, b) => {
          fc.pre(JSON.stringify(a) !== JSON.stringify(b));
          expect(key(a)).not.toBe(key(b));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('however long the parts, keys stay within what DynamoDB takes', () => {
    const long = 'ä|%'.repeat(2000);
    const { pk, sk } = itemKey({
      principal: long as never,
      actor: long as never,
      kind: 'assumed-role',
      action: long,
      value: long,
      outcome: 'not-found',
    });
    expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1024);
  });
});

test('the fullest item, of noise that nothing compresses, stays below 400 KB', () => {
  let seed = 'noise';
  const noise = (length: number) => {
    let text = '';
    while (text.length < length) {
      seed = createHash('sha256').update(seed).digest('base64');
      text += seed;
    }
    return text.slice(0, length);
  };
  const use = (n: number) =>
    firstUse({
      time: instantAt(1_700_000_000 + n * 45 * 86_400),
      eventID: noise(36),
      action: noise(128),
      region: noise(32),
      network: noise(43),
      agent: noise(64),
      accessKeyId: noise(128),
      session: noise(64),
    });
  const days = Array.from({ length: 400 }, (_, n) => dayAt(20_000 + n));
  const entries = Array.from({ length: 64 }, () => {
    const returns = Array.from({ length: 8 }, (_, n) => use(n + 1));
    return [noise(2048), { trust: 'fast-lane' as const, first: use(0), last: days.at(-1)!, days, returns }] as const;
  });
  const full: LedgerItem = item({ kind: 'resource', arn: noise(2048), entries: new Map(entries), overflow: true });
  const row = itemRow({ item: full, revision: 1_000_000 }, true);
  expect(sizeOf({ ...row })).toBeLessThan(400 * 1024);
  expect(readItem({ ...row }).item).toEqual(full);
});

describe('what the streams say', () => {
  test('an item that waits to be scored, by the image of its row', () => {
    const marked = {
      eventName: 'MODIFY',
      dynamodb: { NewImage: imageOf({ ...itemRow({ item: setItem, revision: 3 }, true) }) },
    };
    expect(keyText(unscoredOf(marked)!.key)).toBe(keyText(setItem));
    expect(unscoredOf(marked)!.revision).toBe(3);
    expect(unscoredOf(markedRecord(unscoredOf(marked)!, '1'))).toEqual(unscoredOf(marked));
  });

  test('nothing of rows without a mark, of removals and of other rows', () => {
    const unmarked = imageOf({ ...itemRow({ item: setItem, revision: 3 }, false) });
    expect(unscoredOf({ eventName: 'MODIFY', dynamodb: { NewImage: unmarked } })).toBeUndefined();
    expect(unscoredOf({ eventName: 'REMOVE', dynamodb: {} })).toBeUndefined();
    expect(
      committedOf({ eventName: 'INSERT', dynamodb: { NewImage: imageOf(aggregateRow(caseShape, aCase())) } }),
    ).toBeUndefined();
  });

  test('an event when it is committed, and not again when its row changes or goes', () => {
    const event = happened('lease', 'lease-1', undefined, instant('2026-03-01T12:00:05Z'));
    const record = committedRecord(event, '1');
    expect(committedOf(record)).toEqual(event);
    expect(committedOf({ ...record, eventName: 'MODIFY' })).toBeUndefined();
    expect(committedOf({ eventName: 'REMOVE', dynamodb: {} })).toBeUndefined();
  });
});
