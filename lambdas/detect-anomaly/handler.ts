import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { detectAnomaly, type Deps as UseCase } from '../../usecases/detect-anomaly.ts';
import type { Unscored } from '../../usecases/ports/ledger-store.ts';

export interface Deps extends UseCase {
  /** The mark in a stream record; undefined where it is of something else. Throws on what it cannot read. */
  markOf(record: DynamoDBRecord): Unscored | undefined;
  /** Something that stays marked and is tried again: an actor, or the sequence number of a record. */
  failed(place: string, fault: unknown): void;
}

/**
 * Scores what the ledger's stream delivers, each actor once a batch. The records of an actor that failed come back; the
 * stream delivers again from the first of them on, which scores some twice and changes nothing.
 */
export const detectAnomalyHandler =
  (deps: Deps) =>
  async ({ Records: records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    const failures = new Set<string>();
    const sequences = new Map<Unscored, string>();
    for (const record of records) {
      const sequence = record.dynamodb?.SequenceNumber ?? '';
      try {
        const mark = deps.markOf(record);
        if (mark !== undefined) sequences.set(mark, sequence);
      } catch (fault) {
        deps.failed(sequence, fault);
        failures.add(sequence);
      }
    }
    for (const { actor, marks, fault } of await detectAnomaly(deps)([...sequences.keys()])) {
      if (fault === undefined) continue;
      deps.failed(actor, fault);
      for (const mark of marks) failures.add(sequences.get(mark)!);
    }
    return { batchItemFailures: [...failures].map((itemIdentifier) => ({ itemIdentifier })) };
  };
