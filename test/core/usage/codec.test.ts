import type { ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import type { Day, Instant } from '../../../core/time.ts';
import { decodeItem, encodeItem, rowsOf, storedVersion, upgrade } from '../../../core/usage/codec.ts';
import type { Entry, LedgerItem } from '../../../core/usage/item.ts';

const entry: Entry = {
  trust: 'fast-lane',
  first: {
    time: '2025-02-03T04:05:06Z' as Instant,
    eventID: '11111111-2222-4333-8444-555555555555',
    account: '111122223333',
    region: 'eu-west-1',
    action: 's3:GetObject',
    network: '203.0.0.0/16',
    agent: 'aws-cli',
    mfa: false,
    federated: true,
    forwarded: false,
    accessKeyId: null,
    session: 'x',
    historic: true,
  },
  last: '2026-03-01' as Day,
  days: ['2025-02-03', '2026-01-31', '2026-02-28', '2026-03-01'] as Day[],
  returns: [],
};

const item: LedgerItem = {
  v: 1,
  principal: 'AIDAEXAMPLEALICE00001' as PrincipalId,
  actor: 'arn:aws:iam::111122223333:user/alice' as ActorId,
  kind: 'resource',
  action: 's3:GetObject',
  outcome: 'used',
  value: null,
  arn: 'arn:aws:iam::111122223333:user/alice',
  entries: new Map([
    ['arn:aws:s3:::b', entry],
    ['arn:aws:s3:::a', { ...entry, returns: [entry.first] }],
  ]),
  overflow: true,
};

const use = ['2025-02-03T04:05:06Z', '11111111-2222-4333-8444-555555555555', 0, 1, 2, 3, 4, -1, 5, 21];
const days = 'AQAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQA';

/** The item as every version that was ever written stored it: it must be readable for ever. */
const stored = {
  1: {
    v: 1,
    p: 'AIDAEXAMPLEALICE00001',
    a: 'arn:aws:iam::111122223333:user/alice',
    k: 'resource',
    c: 's3:GetObject',
    o: 'used',
    s: null,
    arn: 'arn:aws:iam::111122223333:user/alice',
    x: true,
    t: ['111122223333', 'eu-west-1', 's3:GetObject', '203.0.0.0/16', 'aws-cli', 'x'],
    e: [
      ['arn:aws:s3:::a', 1, use, 20_513, days, [use]],
      ['arn:aws:s3:::b', 1, use, 20_513, days, []],
    ],
  },
};

test('the current version is written, the same for equal items', () => {
  expect(storedVersion).toBe(1);
  expect(encodeItem(item)).toEqual(stored[1]);
  const turned = { ...item, entries: new Map([...item.entries].reverse()) };
  expect(JSON.stringify(encodeItem(turned))).toBe(JSON.stringify(encodeItem(item)));
});

test.each(Object.entries(stored))('version %s is read', (_, each) => {
  expect(decodeItem(JSON.parse(JSON.stringify(each)))).toEqual(item);
});

test('every version before the current one has an example and an upgrade', () => {
  const versions = Array.from({ length: storedVersion }, (_, i) => String(i + 1));
  expect(Object.keys(stored)).toEqual(versions);
  expect(Object.keys(upgrade)).toEqual(versions.slice(0, -1));
});

test('an older version is taken up step by step to the current one', () => {
  const { x, ...withoutMark } = stored[1];
  const older = { ...withoutMark, v: -1, arns: [stored[1].arn] };
  const steps = {
    [-1]: ({ arns, ...rest }: Record<string, unknown>) => ({ ...rest, v: 0, arn: (arns as string[])[0] }),
    0: (each: Record<string, unknown>) => ({ ...each, v: 1, x }),
  };
  expect(decodeItem(older, steps)).toEqual(item);
});

test('an unknown version is a fault, not an empty item', () => {
  expect(() => decodeItem({ ...stored[1], v: 2 })).toThrow('version 2 cannot be read');
});

test('rows of the public contract have its keys in its order, and neither action nor value where there is none', () => {
  expect(rowsOf(item).map((row) => JSON.stringify(row))[0]).toBe(
    '{"v":1,"principal":"AIDAEXAMPLEALICE00001","arn":"arn:aws:iam::111122223333:user/alice",' +
      '"actor":"arn:aws:iam::111122223333:user/alice","facet":{"kind":"resource","action":"s3:GetObject","value":"arn:aws:s3:::a"},' +
      '"outcome":"used","trust":"fast-lane","first":{"time":"2025-02-03T04:05:06Z","eventID":"11111111-2222-4333-8444-555555555555"},' +
      '"last":"2026-03-01","days":["2025-02-03","2026-01-31","2026-02-28","2026-03-01"]}',
  );
  const action: LedgerItem = { ...item, kind: 'action', entries: new Map([['', entry]]) };
  expect(rowsOf(action)[0]!.facet).toEqual({ kind: 'action', action: 's3:GetObject' });
  const region: LedgerItem = { ...item, kind: 'region', action: null, entries: new Map([['eu-west-1', entry]]) };
  expect(rowsOf(region)[0]!.facet).toEqual({ kind: 'region', value: 'eu-west-1' });
});

test("signals, which are our own marks and nobody's use, are no rows of the public contract", () => {
  const kinds = ['action', 'resource', 'region', 'network', 'agent', 'assumed-role', 'signal'] as const;
  const printed = kinds.flatMap((kind) => rowsOf({ ...item, kind })).map(({ facet }) => facet.kind);
  expect(new Set(printed)).toEqual(new Set(kinds.slice(0, -1)));
});
