import type { MessageStore, StoredMessage } from '../../usecases/ports/slack.ts';
import { keep } from './freeze.ts';

/** Which message shows what, in memory. */
export function memoryMessageStore(): MessageStore {
  const rows = new Map<string, StoredMessage>();
  return {
    find: async (key) => rows.get(key),
    claim: async (key, channel, at) => {
      if (rows.has(key)) return false;
      rows.set(key, keep({ key, channel, ts: null, claimedAt: at, digest: null }));
      return true;
    },
    reclaim: async (key, claimedAt, at) => {
      const row = rows.get(key);
      if (row === undefined || row.ts !== null || row.claimedAt !== claimedAt) return false;
      rows.set(key, keep({ ...row, claimedAt: at }));
      return true;
    },
    resolve: async (key, ref, digest) => {
      const row = rows.get(key);
      if (row === undefined) throw new Error(`message ${key} was resolved without a claim`);
      rows.set(key, keep({ ...row, channel: ref.channel, ts: ref.ts, digest }));
    },
    rename: async (from, to) => {
      const row = rows.get(from);
      if (row === undefined || rows.has(to)) return;
      rows.set(to, keep({ ...row, key: to }));
      rows.delete(from);
    },
  };
}
