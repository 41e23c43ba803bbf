import type { MessageStore } from '../../usecases/ports/slack.ts';

const at = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:10:00Z';
const ref = { channel: 'C2', ts: '1772366400.000100' };

/** The laws of the MessageStore port, for every implementation. */
export function messageStoreContract(open: () => Promise<MessageStore>): void {
  test('a message is claimed once, then resolved', async () => {
    const messages = await open();
    expect(await messages.find('case/1')).toBeUndefined();
    expect(await messages.claim('case/1', 'C1', at)).toBe(true);
    expect(await messages.claim('case/1', 'C1', later)).toBe(false);
    expect(await messages.find('case/1')).toEqual({
      key: 'case/1',
      channel: 'C1',
      ts: null,
      claimedAt: at,
      digest: null,
    });
    await messages.resolve('case/1', ref, 'd1');
    expect(await messages.find('case/1')).toEqual({ key: 'case/1', ...ref, claimedAt: at, digest: 'd1' });
    await messages.resolve('case/1', ref, 'd2');
    expect((await messages.find('case/1'))?.digest).toBe('d2');
  });

  test('of many who claim at once one may post', async () => {
    const messages = await open();
    const claims = await Promise.all([1, 2, 3, 4, 5].map(() => messages.claim('case/1', 'C1', at)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('a stale claim is taken over once, and never once it is resolved', async () => {
    const messages = await open();
    expect(await messages.reclaim('case/1', at, later)).toBe(false);
    await messages.claim('case/1', 'C1', at);
    expect(await messages.reclaim('case/1', at, later)).toBe(true);
    expect(await messages.reclaim('case/1', at, later)).toBe(false);
    expect((await messages.find('case/1'))?.claimedAt).toBe(later);
    await messages.resolve('case/1', ref, 'd1');
    expect(await messages.reclaim('case/1', later, at)).toBe(false);
  });

  test('resolving without a claim is a fault', async () => {
    const messages = await open();
    await expect(messages.resolve('case/1', ref, 'd1')).rejects.toThrow(/without a claim/);
    expect(await messages.find('case/1')).toBeUndefined();
  });

  test('a message moves to the successor of its case, again without effect', async () => {
    const messages = await open();
    await messages.claim('case/1', 'C1', at);
    await messages.resolve('case/1', ref, 'd1');
    await messages.rename('case/1', 'case/2');
    await messages.rename('case/1', 'case/2');
    expect(await messages.find('case/1')).toBeUndefined();
    expect(await messages.find('case/2')).toEqual({ key: 'case/2', ...ref, claimedAt: at, digest: 'd1' });
  });

  test('a successor that has its own message keeps it', async () => {
    const messages = await open();
    await messages.claim('case/1', 'C1', at);
    await messages.claim('case/2', 'C9', later);
    await messages.rename('case/1', 'case/2');
    expect((await messages.find('case/2'))?.channel).toBe('C9');
    expect((await messages.find('case/1'))?.channel).toBe('C1');
  });
}
