import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type RefreshInventoryDeps, refreshInventory } from '../../usecases/refresh-inventory.ts';

export interface Deps extends RefreshInventoryDeps {
  /** A message whose work failed and is delivered again. */
  failed(messageId: string, fault: unknown): void;
}

/** Called with events that change identities, by EventBridge over a queue. */
export const refreshInventoryHandler =
  (deps: Deps) =>
  async (event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const deliveries = event.Records.map(({ messageId, body }) => ({ id: messageId, envelope: parsed(body) }));
    const failed = await refreshInventory(deps)(deliveries);
    for (const { id, fault } of failed) deps.failed(id, fault);
    return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
  };

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
