import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { DomainEvent } from '../../core/audit/event.ts';
import { type PublishEventsDeps, publishEvents, sweepOutbox } from '../../usecases/publish-events.ts';

export interface Deps extends PublishEventsDeps {
  /** The outbox row in a stream record; undefined where the record is of something else. Throws on what it cannot read. */
  eventOf(record: DynamoDBRecord): DomainEvent | undefined;
  /** An event that stays in the outbox and is tried again. */
  failed(place: string, fault: unknown): void;
}

/**
 * Publishes what the stream delivers, or, called by the clock, what the stream lost. Records that fail come back; the
 * stream delivers again from the first of them on, which publishes some twice and none never.
 */
export const publishEventsHandler =
  (deps: Deps) =>
  async (event: Partial<Pick<DynamoDBStreamEvent, 'Records'>>): Promise<DynamoDBBatchResponse> => {
    if (event.Records !== undefined) return publishRecords(deps, event.Records);
    const unpublished = await sweepOutbox(deps)();
    for (const { event: kept, fault } of unpublished) deps.failed(placeOf(kept), fault);
    if (unpublished.length > 0) throw new Error(`${unpublished.length} events could not be published`);
    return { batchItemFailures: [] };
  };

async function publishRecords(deps: Deps, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse> {
  const batchItemFailures: DynamoDBBatchResponse['batchItemFailures'] = [];
  for (const record of records) {
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    try {
      const event = deps.eventOf(record);
      const [failure] = event === undefined ? [] : await publishEvents(deps)([event]);
      if (failure !== undefined) throw failure.fault;
    } catch (fault) {
      deps.failed(sequence, fault);
      batchItemFailures.push({ itemIdentifier: sequence });
    }
  }
  return { batchItemFailures };
}

const placeOf = ({ aggregate, sequence }: DomainEvent): string => `${aggregate.type}/${aggregate.id}/${sequence}`;
