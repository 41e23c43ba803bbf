import type { Inbox, NonceStore } from '../../usecases/ports/inbox.ts';

const request = { id: 'request-1', receivedAt: '2026-03-01T12:00:00Z', body: 'payload=%7B%22ä"\n' };

/** The laws of the Inbox port, for every implementation. */
export function inboxContract(open: () => Promise<Inbox>): void {
  test('a request is kept as received, once', async () => {
    const inbox = await open();
    expect(await inbox.find(request.id)).toBeUndefined();
    expect(await inbox.store(request)).toBe(true);
    expect(await inbox.store(request)).toBe(false);
    expect(await inbox.find(request.id)).toEqual(request);
  });

  test('of the same request arriving five times at once one is stored', async () => {
    const inbox = await open();
    const stored = await Promise.all([1, 2, 3, 4, 5].map(() => inbox.store(request)));
    expect(stored.filter(Boolean)).toHaveLength(1);
  });

  test('what is done waits no more, and a replay of it is still one', async () => {
    const inbox = await open();
    await inbox.store(request);
    await inbox.done(request.id);
    await inbox.done(request.id);
    expect(await inbox.find(request.id)).toBeUndefined();
    expect(await inbox.store(request)).toBe(false);
    expect(await inbox.find(request.id)).toBeUndefined();
  });

  test('an answer is found once it is done, and stays', async () => {
    const inbox = await open();
    await inbox.store(request);
    expect(await inbox.answer(request.id)).toBeUndefined();
    await inbox.done(request.id, '{"words":"Noted."}');
    expect(await inbox.find(request.id)).toBeUndefined();
    expect(await inbox.answer(request.id)).toBe('{"words":"Noted."}');
    await inbox.done(request.id);
    expect(await inbox.answer(request.id)).toBe('{"words":"Noted."}');
  });

  test('who vouches for a request is kept with it', async () => {
    const inbox = await open();
    await inbox.store({ ...request, origin: 'aws' });
    expect(await inbox.find(request.id)).toEqual({ ...request, origin: 'aws' });
  });

  test('saying done of what never came stores nothing', async () => {
    const inbox = await open();
    await inbox.done(request.id);
    expect(await inbox.store(request)).toBe(true);
  });
}

/** The laws of the NonceStore port, for every implementation. */
export function nonceStoreContract(open: () => Promise<NonceStore>): void {
  const at = '2026-03-01T12:00:00Z';

  test('a nonce is spent by the first and by nobody else, however often the first asks', async () => {
    const nonces = await open();
    expect(await nonces.spend('n-1', 'request-1', at)).toBe(true);
    expect(await nonces.spend('n-1', 'request-2', at)).toBe(false);
    expect(await nonces.spend('n-1', 'request-1', '2026-03-01T12:05:00Z')).toBe(true);
    expect(await nonces.spend('n-2', 'request-2', at)).toBe(true);
  });

  test('of many who spend it at once one does', async () => {
    const nonces = await open();
    const spent = await Promise.all([1, 2, 3, 4, 5].map((n) => nonces.spend('n-1', `request-${n}`, at)));
    expect(spent.filter(Boolean)).toHaveLength(1);
  });
}
