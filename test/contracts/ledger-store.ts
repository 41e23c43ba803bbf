import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { LedgerItem } from '../../core/usage/item.ts';
import type { LineageChild } from '../../core/usage/lineage.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import { account, actor, day, edge, entry, instant, item, principal } from './examples.ts';

/** The laws of the LedgerStore port, for every implementation. `open` gives an empty ledger. */
export function ledgerStoreContract(open: () => Promise<LedgerStore>): void {
  let store: LedgerStore;
  beforeEach(async () => {
    store = await open();
  });

  describe('items', () => {
    test('what was joined is read back whole, sets, odd values and all', async () => {
      const set = item({
        kind: 'resource',
        entries: new Map([
          [
            'arn:aws:s3:::b/ä ?*\n"',
            entry({ mfa: true, network: null, agent: null, accessKeyId: null, session: null }),
          ],
          ['arn:aws:s3:::b', entry({ eventID: 'not-a-uuid', federated: true, forwarded: true, historic: true })],
        ]),
        overflow: true,
      });
      await store.join([set]);
      expect(await store.itemsOfPrincipal(principal)).toEqual([set]);
    });

    test('joining gives what is stored now, in the order given', async () => {
      const [put, get] = [item({ action: 's3:PutObject' }), item()];
      const stored = await store.join([put, get]);
      expect(stored.map((row) => row.item.action)).toEqual(['s3:PutObject', 's3:GetObject']);
      expect(stored[0]!.item).toEqual(put);
    });

    test('two uses of one facet become one item with the least first and the greatest last', async () => {
      await store.join([item({}, { time: instant('2026-03-05T00:00:00Z'), eventID: 'b' })]);
      await store.join([item({}, { time: instant('2026-03-02T00:00:00Z'), eventID: 'a' })]);
      const [row, ...others] = await store.itemsOfPrincipal(principal);
      expect(others).toEqual([]);
      expect(row?.entries.get('')).toMatchObject({
        first: { eventID: 'a' },
        last: '2026-03-05',
        days: ['2026-03-02', '2026-03-05'],
      });
    });

    test('the same item twice in one call is joined like any other', async () => {
      const later = item({}, { time: instant('2026-03-05T00:00:00Z'), eventID: 'b' });
      const stored = await store.join([item(), later, item()]);
      expect(stored).toHaveLength(3);
      const [row] = await store.itemsOfPrincipal(principal);
      expect(row?.entries.get('')?.days).toEqual(['2026-03-01', '2026-03-05']);
      expect(stored[2]!.item).toEqual(row);
    });

    test('a join that changes nothing keeps the revision', async () => {
      const [once] = await store.join([item()]);
      const [twice] = await store.join([item()]);
      expect(twice).toEqual(once);
    });

    test('rows differ by principal, actor, kind, action, outcome and value', async () => {
      const signal = { kind: 'signal' as const, entries: new Map([['denial@2026-03-01T12', entry()]]) };
      const rows: LedgerItem[] = [
        item(),
        item({ principal: 'AROAEXAMPLEOTHER00001' as PrincipalId }),
        item({ actor: 'federated:idp/ada' as ActorId }),
        item({ kind: 'region', action: null, entries: new Map([['eu-central-1', entry()]]) }),
        item({ action: 's3:PutObject' }),
        item({ outcome: 'denied' }),
        item({ ...signal, value: 'denial@2026-03-01T12' }),
      ];
      await store.join(rows);
      const found = [
        ...(await store.itemsOfPrincipal(principal)),
        ...(await store.itemsOfPrincipal('AROAEXAMPLEOTHER00001' as PrincipalId)),
      ];
      expect(found).toHaveLength(rows.length);
      expect(found).toEqual(expect.arrayContaining(rows));
    });

    test('keys that only escaping or hashing keeps apart stay apart', async () => {
      const long = 'x'.repeat(3000);
      const actors = ['a|b', 'a%7Cb', 'a·b', 'a%b', 'a', 'a·', `${long}1`, `${long}2`, '#', 'ä\u0000'].map(
        (id) => id as ActorId,
      );
      const principals = ['#actor·a', `${long}1`, `${long}2`, 'a·b'].map((id) => id as PrincipalId);
      const rows = [
        ...actors.map((id) => item({ actor: id })),
        ...principals.map((id) => item({ principal: id, action: `s3:${long}` })),
      ];
      await store.join(rows);
      for (const row of rows) {
        const mine = (await store.itemsOfActor(row.actor)).filter((found) => found.principal === row.principal);
        expect(mine).toEqual([row]);
      }
      expect(await store.principals()).toEqual([...principals, principal].sort());
    });

    test('an actor has the items of every principal it ever used, and nobody else has', async () => {
      const other = 'AROAEXAMPLEOTHER00001' as PrincipalId;
      await store.join([item(), item({ principal: other }), item({ principal: other, actor: `${actor}x` as ActorId })]);
      const items = await store.itemsOfActor(actor);
      expect(items.map((row) => row.principal).sort()).toEqual([principal, other].sort());
      expect(await store.itemsOfActor('arn:aws:iam::111122223333:role/nobody' as ActorId)).toEqual([]);
    });

    test('more items than one page or batch holds are all found', async () => {
      const rows = Array.from({ length: 130 }, (_, n) => item({ action: `s3:Action${String(n).padStart(3, '0')}` }));
      await store.join(rows);
      expect(await store.itemsOfPrincipal(principal)).toHaveLength(130);
      expect(await store.unscored(500)).toHaveLength(130);
      expect(await store.unscored(7)).toHaveLength(7);
    }, 30_000);

    test('principals are named once', async () => {
      await store.join([item(), item({ action: 's3:PutObject' }), item({ actor: 'federated:idp/ada' as ActorId })]);
      expect(await store.principals()).toEqual([principal]);
    });

    test('what a caller does to its own copy does not reach the store', async () => {
      const mine = item();
      await store.join([mine]);
      (mine.entries as Map<string, unknown>).clear();
      const [row] = await store.itemsOfPrincipal(principal);
      expect(row?.entries.size).toBe(1);
    });
  });

  describe('marks', () => {
    test('a first use waits to be scored until its own revision is unmarked', async () => {
      const [stored] = await store.join([item()]);
      const [mark, ...others] = await store.unscored(10);
      expect(others).toEqual([]);
      expect(mark).toEqual({
        key: { principal, actor, kind: 'action', action: 's3:GetObject', outcome: 'used', value: null },
        revision: stored!.revision,
      });
      await store.unmark(mark!);
      expect(await store.unscored(10)).toEqual([]);
      await store.unmark(mark!);
      expect(await store.unscored(10)).toEqual([]);
    });

    test('a repeat on another day is not waiting', async () => {
      await store.join([item()]);
      await store.unmark((await store.unscored(1))[0]!);
      await store.join([item({}, { time: instant('2026-03-02T00:00:00Z'), eventID: 'z' })]);
      expect(await store.unscored(10)).toEqual([]);
    });

    test('an earlier first use that arrives late waits again', async () => {
      await store.join([item()]);
      await store.unmark((await store.unscored(1))[0]!);
      await store.join([item({}, { time: instant('2026-02-28T00:00:00Z'), eventID: 'z' })]);
      expect(await store.unscored(10)).toHaveLength(1);
    });

    test('unmarking an older revision leaves the mark: something newer waits', async () => {
      await store.join([item()]);
      const [old] = await store.unscored(1);
      await store.join([item({}, { time: instant('2026-02-28T00:00:00Z'), eventID: 'z' })]);
      await store.unmark(old!);
      expect(await store.unscored(10)).toHaveLength(1);
    });

    test('a repeat before scoring keeps the mark, under the new revision', async () => {
      await store.join([item()]);
      const [row] = await store.join([item({}, { time: instant('2026-03-02T00:00:00Z'), eventID: 'z' })]);
      const marks = await store.unscored(10);
      expect(marks.map((mark) => mark.revision)).toEqual([row!.revision]);
      await store.unmark(marks[0]!);
      expect(await store.unscored(10)).toEqual([]);
    });

    test('history and single resources are never marked, signals and context are', async () => {
      const value = 'denial@2026-03-01T12';
      await store.join([
        item({}, { historic: true }),
        item({ kind: 'region', action: null, entries: new Map([['eu-central-1', entry()]]) }),
        item({ kind: 'resource', entries: new Map([['arn:aws:s3:::b', entry()]]) }),
        item({ kind: 'signal', value, entries: new Map([[value, entry()]]) }),
      ]);
      expect((await store.unscored(10)).map((mark) => mark.key.kind).sort()).toEqual(['region', 'signal']);
    });

    test('unmarking what is not there creates nothing', async () => {
      await store.unmark({ key: item(), revision: 1 });
      expect(await store.itemsOfPrincipal(principal)).toEqual([]);
      expect(await store.principals()).toEqual([]);
    });
  });

  test('hours of coverage add up, and are read by account and day, ends included', async () => {
    const of = (on: string, hours: number) => ({ v: 1 as const, account, day: day(on), hours });
    await store.joinCoverage([of('2026-03-01', 0b0011), of('2026-03-02', 0xffffff), of('2026-03-01', 0b0100)]);
    await store.joinCoverage([of('2026-03-01', 0b1001), of('2026-02-28', 1), of('2026-03-03', 0x800000)]);
    const other = { ...of('2026-03-01', 1), account: '999988887777' as typeof account };
    await store.joinCoverage([other]);
    expect(await store.coverage(account, day('2026-03-01'), day('2026-03-02'))).toEqual([
      of('2026-03-01', 0b1111),
      of('2026-03-02', 0xffffff),
    ]);
    expect(await store.coverage(other.account, day('2026-01-01'), day('2026-12-31'))).toEqual([other]);
  });

  test('hours that digests prove are kept apart by region, and from those that files show', async () => {
    const of = (on: string, hours: number, region?: string) => ({
      v: 1 as const,
      account,
      day: day(on),
      hours,
      ...(region && { region }),
    });
    await store.joinCoverage([of('2026-03-01', 1), of('2026-03-01', 2, 'us-east-1'), of('2026-03-02', 4, 'eu-west-1')]);
    await store.joinCoverage([of('2026-03-01', 8, 'us-east-1'), of('2026-03-03', 1, 'eu-west-1')]);
    expect(await store.coverage(account, day('2026-03-01'), day('2026-03-02'))).toEqual([
      of('2026-03-01', 1),
      of('2026-03-01', 10, 'us-east-1'),
      of('2026-03-02', 4, 'eu-west-1'),
    ]);
  });

  test('an edge keeps its first event and its latest use; the latest parent comes first', async () => {
    const child = principal as string as LineageChild;
    const bob = edge({
      parent: { ...edge().parent, principal: 'AIDAEXAMPLEBOB0000001' as PrincipalId, arn: null },
      last: instant('2026-03-04T00:00:00Z'),
    });
    await store.joinLineage([edge(), bob]);
    await store.joinLineage([
      edge({ first: { time: instant('2026-02-01T00:00:00Z'), eventID: 'e-0' }, last: instant('2026-02-01T00:00:00Z') }),
      edge({ first: { time: instant('2026-03-03T00:00:00Z'), eventID: 'e-2' }, last: instant('2026-03-03T00:00:00Z') }),
    ]);
    const early = { time: '2026-02-01T00:00:00Z', eventID: 'e-0' };
    expect(await store.parentsOf(child)).toEqual([
      bob,
      edge({ first: early as ReturnType<typeof edge>['first'], last: instant('2026-03-03T00:00:00Z') }),
    ]);
    expect(await store.parentsOf('AKIANOBODY' as LineageChild)).toEqual([]);
  });

  test('of many parents the 64 latest are given', async () => {
    const parents = Array.from({ length: 70 }, (_, n) =>
      edge({
        parent: { ...edge().parent, principal: `AIDAEXAMPLE${String(n).padStart(9, '0')}` as PrincipalId },
        last: instant(`2026-03-01T12:${String(n % 60).padStart(2, '0')}:00Z`),
      }),
    );
    await store.joinLineage(parents);
    const found = await store.parentsOf(principal as string as LineageChild);
    expect(found).toHaveLength(64);
    expect(found[0]!.last >= found[63]!.last).toBe(true);
  });
}
