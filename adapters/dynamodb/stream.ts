import type { DomainEvent } from '../../core/audit/event.ts';
import type { Unscored } from '../../usecases/ports/ledger-store.ts';
import { imageOf, rowOfImage } from './image.ts';
import { itemRow, readItem } from './ledger-row.ts';
import { keyFields } from './ledger-store.ts';
import { eventRow, readEvent } from './outbox.ts';
import { ledgerTable, stateTable } from './table.ts';

/** A record of a DynamoDB stream, as far as we read it. */
export interface StreamRecord {
  eventName?: string | undefined;
  dynamodb?:
    | { NewImage?: Readonly<Record<string, unknown>> | undefined; SequenceNumber?: string | undefined }
    | undefined;
}

/** What the ledger's stream says: an item that waits to be scored; undefined for every other record. */
export function unscoredOf({ dynamodb }: StreamRecord): Unscored | undefined {
  const image = dynamodb?.NewImage;
  if (image === undefined || !(ledgerTable.unscoredMark in image)) return undefined;
  const { item, revision } = readItem(rowOfImage(image));
  return { key: keyFields(item), revision };
}

/** What the state table's stream says: an event just committed; undefined for every other record. */
export function committedOf({ eventName, dynamodb }: StreamRecord): DomainEvent | undefined {
  const image = dynamodb?.NewImage;
  if (eventName !== 'INSERT' || image === undefined || !(stateTable.outboxMark in image)) return undefined;
  return readEvent(rowOfImage(image));
}

/** The record that the stream would deliver for an item just marked; for tests and for the system in one process. */
export function markedRecord({ key, revision }: Unscored, sequence: string): StreamRecord {
  // Whoever reads the record takes the key and the revision, and the item itself from the table.
  const item = { ...key, v: 1 as const, arn: null, entries: new Map(), overflow: false };
  return {
    eventName: revision === 1 ? 'INSERT' : 'MODIFY',
    dynamodb: { NewImage: imageOf({ ...itemRow({ item, revision }, true) }), SequenceNumber: sequence },
  };
}

/** The record that the stream would deliver for an event just committed. */
export const committedRecord = (event: DomainEvent, sequence: string): StreamRecord => ({
  eventName: 'INSERT',
  dynamodb: { NewImage: imageOf(eventRow(event)), SequenceNumber: sequence },
});
