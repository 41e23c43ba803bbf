import type { Inbox, InboxItem, NonceStore } from '../../usecases/ports/inbox.ts';
import { keep } from './freeze.ts';

/** What Slack sent, in memory. */
export function memoryInbox(): Inbox {
  const rows = new Map<string, { item: InboxItem; done: boolean; answer?: string }>();
  return {
    store: async (item) => {
      if (rows.has(item.id)) return false;
      rows.set(item.id, { item: keep(item), done: false });
      return true;
    },
    find: async (id) => {
      const row = rows.get(id);
      return row === undefined || row.done ? undefined : row.item;
    },
    done: async (id, answer) => {
      const row = rows.get(id);
      if (row === undefined) return;
      row.done = true;
      if (answer !== undefined) row.answer = answer;
    },
    answer: async (id) => rows.get(id)?.answer,
  };
}

/** Spent nonces in memory. */
export function memoryNonceStore(): NonceStore {
  const spent = new Map<string, string>();
  return {
    spend: async (nonce, by) => {
      if (!spent.has(nonce)) spent.set(nonce, by);
      return spent.get(nonce) === by;
    },
  };
}
