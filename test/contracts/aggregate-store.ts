import type { DomainEvent } from '../../core/audit/event.ts';
import { type AggregateStore, Stale } from '../../usecases/ports/aggregate-store.ts';
import type { Outbox } from '../../usecases/ports/state-stores.ts';

export interface AggregateExample<T extends { version: number }> {
  store: AggregateStore<T>;
  outbox: Outbox;
  id: string;
  /** The aggregate at a version, with something in it that differs by `mark`. */
  at(version: number, mark: number): T;
  /** An event of its chain. */
  event(sequence: number): DomainEvent;
}

/** The laws of every AggregateStore: one row is the truth, and it never moves without its events. */
export function aggregateStoreContract<T extends { version: number }>(open: () => Promise<AggregateExample<T>>): void {
  test('an aggregate that was never written is not found', async () => {
    const { store, id } = await open();
    expect(await store.find(id)).toBeUndefined();
  });

  test('what was committed is read back whole, and its events wait in the outbox in order', async () => {
    const { store, outbox, id, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1), event(2)]);
    expect(await store.find(id)).toEqual(at(1, 1));
    expect(await outbox.pending(10)).toEqual([event(1), event(2)]);
  });

  test('a second version replaces the first', async () => {
    const { store, id, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1)]);
    await store.commit(at(1, 1), at(2, 2), [event(2)]);
    expect(await store.find(id)).toEqual(at(2, 2));
  });

  test('a commit over another version is stale and writes neither row nor event', async () => {
    const { store, outbox, id, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1)]);
    await store.commit(at(1, 1), at(2, 2), [event(2)]);
    await expect(store.commit(at(1, 1), at(2, 3), [event(3)])).rejects.toThrow(Stale);
    await expect(store.commit(at(2, 2), at(3, 3), [event(3)])).resolves.toBeUndefined();
    expect((await outbox.pending(10)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await store.find(id)).toEqual(at(3, 3));
  });

  test('creating what exists is stale, and so is changing what does not', async () => {
    const { store, outbox, at, event } = await open();
    await expect(store.commit(at(1, 1), at(2, 1), [event(2)])).rejects.toThrow(Stale);
    expect(await outbox.pending(10)).toEqual([]);
    await store.commit(undefined, at(1, 1), [event(1)]);
    await expect(store.commit(undefined, at(1, 2), [event(2)])).rejects.toThrow(Stale);
    expect(await outbox.pending(10)).toEqual([event(1)]);
  });

  test('the very same commit again is stale: it happened once', async () => {
    const { store, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1)]);
    await expect(store.commit(undefined, at(1, 1), [event(1)])).rejects.toThrow(Stale);
  });

  test('of many who commit over one version one wins, and only its events exist', async () => {
    const { store, outbox, id, at, event } = await open();
    await store.commit(undefined, at(1, 0), [event(1)]);
    const tries = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => store.commit(at(1, 0), at(2, n), [event(2)])));
    const lost = tries.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
    expect(lost).toHaveLength(4);
    for (const reason of lost) expect(reason).toBeInstanceOf(Stale);
    const winner = tries.findIndex((result) => result.status === 'fulfilled') + 1;
    expect(await store.find(id)).toEqual(at(2, winner));
    expect(await outbox.pending(10)).toHaveLength(2);
  });

  test('an event under a sequence that the outbox holds already is a fault, and nothing is written', async () => {
    const { store, outbox, id, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1)]);
    const forged = { ...event(1), by: 'somebody else' };
    const fault = await store.commit(at(1, 1), at(2, 2), [forged]).catch((reason: unknown) => reason);
    expect(fault).toBeInstanceOf(Error);
    expect(fault).not.toBeInstanceOf(Stale);
    expect(await store.find(id)).toEqual(at(1, 1));
    expect(await outbox.pending(10)).toEqual([event(1)]);
  });

  test('a version that does not follow is a fault of the caller', async () => {
    const { store, at, event } = await open();
    await expect(store.commit(undefined, at(2, 1), [event(1)])).rejects.toThrow(/version 2 does not follow/);
  });

  test('published events leave the outbox, twice said as once', async () => {
    const { store, outbox, at, event } = await open();
    await store.commit(undefined, at(1, 1), [event(1), event(2)]);
    await outbox.published(event(1));
    await outbox.published(event(1));
    expect(await outbox.pending(10)).toEqual([event(2)]);
    expect(await outbox.pending(0)).toEqual([]);
  });
}
