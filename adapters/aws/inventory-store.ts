import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Inventory } from '../../core/identity/inventory.ts';
import { decodeSnapshot, encodeSnapshot } from '../../core/identity/snapshot.ts';
import type { InventoryStore } from '../../usecases/ports/inventory-store.ts';
import { type Bucket, getObject, isOvertaken, listKeys } from './bucket.ts';

const root = 'inventory/';
/** Packed and unpacked: tens of thousands of principals take a few megabytes. */
const mostBytes = 64_000_000;
const mostText = 512_000_000;

/** One object an account, gzip of its snapshot; the bucket keeps the earlier versions. */
export function inventoryStore(bucket: Bucket): InventoryStore {
  const find = async (account: string): Promise<{ inventory: Inventory; etag: string | undefined } | undefined> => {
    const stored = await getObject(bucket, keyOf(account), mostBytes);
    if (stored === undefined) return undefined;
    const text = gunzipSync(stored.bytes, { maxOutputLength: mostText }).toString('utf8');
    return { inventory: decodeSnapshot(text), etag: stored.etag };
  };

  /** False where somebody else wrote in between. */
  const tryWrite = async (inventory: Inventory): Promise<boolean> => {
    const there = await find(inventory.account);
    // A slow scan must not replace what a faster one saw later.
    if (there && there.inventory.takenAt > inventory.takenAt) return true;
    return put(inventory, there?.etag);
  };

  /** False where something else stands there than the object of that etag, or than none. */
  const put = async (inventory: Inventory, etag: string | undefined): Promise<boolean> => {
    try {
      await bucket.s3.send(
        new PutObjectCommand({
          Bucket: bucket.name,
          Key: keyOf(inventory.account),
          Body: gzipSync(encodeSnapshot(inventory)),
          ContentType: 'application/gzip',
          ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }),
        }),
      );
      return true;
    } catch (fault) {
      if (isOvertaken(fault)) return false;
      throw fault;
    }
  };

  return {
    read: async (account) => (await find(account))?.inventory,
    write: async (inventory) => {
      for (let tries = 0; tries < 5; tries += 1) if (await tryWrite(inventory)) return;
      throw new Error(`the inventory of ${inventory.account} changed five times while it was written`);
    },
    replace: async (before, after) => {
      const there = await find(before.account);
      if (there === undefined || encodeSnapshot(there.inventory) !== encodeSnapshot(before)) return false;
      return put(after, there.etag);
    },
    accounts: async () => (await listKeys(bucket, root)).map((key) => key.slice(root.length, -extension.length)).sort(),
  };
}

const extension = '.json.gz';
const keyOf = (account: string): string => `${root}${account}${extension}`;
