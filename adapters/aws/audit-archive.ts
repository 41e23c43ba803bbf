import { PutObjectCommand } from '@aws-sdk/client-s3';
import { canonicalJson } from '../../core/audit/canonical.ts';
import type { DomainEvent } from '../../core/audit/event.ts';
import type { AuditArchive } from '../../usecases/ports/audit-archive.ts';
import { type Bucket, getObject, isPreconditionFailed, listKeys } from './bucket.ts';

const root = 'audit/';
const mostBytes = 16_000_000;

/**
 * Objects `audit/TYPE/ID/SEQUENCE` in a bucket under Object Lock, each the event's canonical JSON. Written on condition
 * that nothing is there: whoever may write here can neither replace an event nor hide one behind a newer version.
 */
export function auditArchive(bucket: Bucket): AuditArchive {
  const read = async (key: string): Promise<string | undefined> => {
    const stored = await getObject(bucket, key, mostBytes);
    return stored && Buffer.from(stored.bytes).toString('utf8');
  };
  return {
    put: async (event) => {
      const key = keyOf(event);
      const Body = canonicalJson(event);
      const object = { Bucket: bucket.name, Key: key, Body, ContentType: 'application/json', IfNoneMatch: '*' };
      try {
        await bucket.s3.send(new PutObjectCommand(object));
      } catch (fault) {
        if (!isPreconditionFailed(fault)) throw fault;
        if ((await read(key)) !== Body) throw new Error(`the archive holds another event at ${key}`, { cause: fault });
      }
    },
    chain: async (type, id) => {
      const events: DomainEvent[] = [];
      for (const key of await listKeys(bucket, folderOf(type, id))) {
        const text = await read(key);
        if (text === undefined) throw new Error(`${key} is listed and cannot be read`);
        events.push(JSON.parse(text) as DomainEvent);
      }
      return events;
    },
    tails: async () => {
      const tails = new Map<string, number>();
      for (const key of await listKeys(bucket, root)) {
        const folder = key.slice(0, key.lastIndexOf('/') + 1);
        tails.set(folder, Math.max(tails.get(folder) ?? 0, Number(key.slice(folder.length))));
      }
      return [...tails].map(([folder, sequence]) => ({ ...aggregateOf(folder), sequence }));
    },
    read: (type, id, sequence) => read(`${folderOf(type, id)}${padded(sequence)}`),
    aggregates: async () => {
      const types = await listKeys(bucket, root, '/');
      const folders = await Promise.all(types.map((folder) => listKeys(bucket, folder, '/')));
      return folders
        .flat()
        .map(aggregateOf)
        .sort((a, b) => (`${a.type}/${a.id}` < `${b.type}/${b.id}` ? -1 : 1));
    },
  };
}

const folderOf = (type: string, id: string): string => `${root}${type}/${encodeURIComponent(id)}/`;

/** Ten digits, so that the order of the keys is the order of the events. */
const keyOf = ({ aggregate: { type, id }, sequence }: DomainEvent): string =>
  `${folderOf(type, id)}${padded(sequence)}`;

const padded = (sequence: number): string => String(sequence).padStart(10, '0');

function aggregateOf(folder: string): { type: string; id: string } {
  const [type = '', id = ''] = folder.slice(root.length).split('/');
  return { type, id: decodeURIComponent(id) };
}
