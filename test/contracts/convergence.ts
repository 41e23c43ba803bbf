import fc from 'fast-check';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { offlineKey, rankBy } from '../../core/usage/bounded.ts';
import { keyText, type LedgerItem } from '../../core/usage/item.ts';
import { joinItems } from '../../core/usage/join.ts';
import type { LedgerStore } from '../../usecases/ports/ledger-store.ts';
import { entry, instant, item } from './examples.ts';

const rank = rankBy(offlineKey);
const pick = <T extends string>(...values: readonly T[]) => fc.constantFrom<T>(...values);

/** What one event says: an item of one entry. Few values, so that keys, moments and sets collide. */
const said: fc.Arbitrary<LedgerItem> = fc
  .record({
    principal: pick('AROA1' as PrincipalId, 'AROA2' as PrincipalId),
    actor: pick('ada' as ActorId, 'bob|x' as ActorId),
    kind: pick('action', 'resource', 'region'),
    name: pick('s3:GetObject', 's3:PutObject'),
    outcome: pick('used', 'denied'),
    time: pick('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-03T09:00:00Z', '2026-03-20T00:00:00Z'),
    eventID: pick('a', 'b', 'c'),
    value: pick('x', 'y', 'z'),
    historic: fc.boolean(),
  })
  .map(({ principal, actor, kind, name, outcome, time, eventID, value, historic }) =>
    item({
      principal,
      actor,
      kind,
      outcome,
      action: kind === 'region' ? null : name,
      entries: new Map([[kind === 'action' ? '' : value, entry({ time: instant(time), eventID, historic })]]),
    }),
  );

/** Batches of several writers: each writer sends its batches one after the other, the writers at once. */
const written = fc.array(said, { minLength: 1, maxLength: 25 }).chain((items) =>
  fc.record({
    items: fc.constant(items),
    writers: fc.array(fc.array(fc.array(fc.constantFrom(...items), { maxLength: 6 }), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
);

const foldOf = (items: readonly LedgerItem[]): Map<string, LedgerItem> => {
  const folded = new Map<string, LedgerItem>();
  for (const one of items) {
    const other = folded.get(keyText(one));
    folded.set(keyText(one), other === undefined ? one : joinItems(other, one, rank));
  }
  return folded;
};

/** A new empty table, and as many functions over it as are asked for, each with a memory of its own. */
export type OpenTable = () => Promise<{ writer(): LedgerStore }>;

/** Whatever order, repetition and split writers send the same uses in, the ledger becomes core's fold of them. */
export function convergenceContract(open: OpenTable, numRuns: number): void {
  staleMemory(open);
  test('writers at once, in any order, split and repetition, leave the fold of all that was said', async () => {
    await fc.assert(
      fc.asyncProperty(written, async ({ items, writers }) => {
        const table = await open();
        const everything = [[items], ...writers];
        await Promise.all(
          everything.map(async (batches) => {
            const store = table.writer();
            for (const batch of batches) await store.join(batch);
          }),
        );
        const expected = foldOf(items);
        await expectStored(table.writer(), expected);
        const scored = [...expected.values()].filter(
          ({ kind, entries }) => kind === 'action' && [...entries.values()].some(({ first }) => !first.historic),
        );
        const marked = new Set((await table.writer().unscored(1000)).map(({ key }) => keyText(key)));
        for (const one of scored) expect(marked).toContain(keyText(one));
      }),
      { numRuns },
    );
  }, 120_000);
}

/** A function that slept while others wrote: what it remembers is stale, and what it writes must not be. */
function staleMemory(open: OpenTable): void {
  test('a writer that remembers an older state adds to what is stored now', async () => {
    const table = await open();
    const [one, other] = [table.writer(), table.writer()];
    const on = (day: string, eventID: string) => item({}, { time: instant(`2026-03-${day}T00:00:00Z`), eventID });
    await one.join([on('01', 'a')]);
    await other.join([on('01', 'a')]);
    await one.join([on('02', 'b')]);
    const [stored] = await other.join([on('03', 'c')]);
    expect(stored!.item.entries.get('')?.days).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
    expect(await table.writer().itemsOfActor(stored!.item.actor)).toEqual([stored!.item]);
  });
}

/** Reads by principal and by actor: both must find exactly what is expected. */
export async function expectStored(store: LedgerStore, expected: ReadonlyMap<string, LedgerItem>): Promise<void> {
  const principals = new Set([...expected.values()].map(({ principal }) => principal));
  expect(new Set(await store.principals())).toEqual(principals);
  const byPrincipal = await Promise.all([...principals].map((principal) => store.itemsOfPrincipal(principal)));
  const actors = new Set([...expected.values()].map(({ actor }) => actor));
  const byActor = await Promise.all([...actors].map((actor) => store.itemsOfActor(actor)));
  for (const found of [byPrincipal.flat(), byActor.flat()])
    expect(new Map(found.map((one) => [keyText(one), one]))).toEqual(expected);
}
