import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { DeadLetters } from '../../usecases/ports/dead-letters.ts';
import { type Deps as ShowCase, showCase } from '../../usecases/show-case.ts';
import { type Deps as ShowChange, showChange } from '../../usecases/show-change.ts';
import { type Deps as ShowLease, showLease } from '../../usecases/show-lease.ts';

export interface Deps extends ShowCase, ShowChange, ShowLease {
  deadLetters: DeadLetters;
  views: ShowCase['views'] & ShowChange['views'] & ShowLease['views'];
  /** A record whose view could not be brought up and is tried again. */
  failed(messageId: string, fault: unknown): void;
}

/** A domain event as EventBridge wraps it for the queue; of the event only its aggregate matters, the store says the rest. */
const envelope = z.object({
  detail: z.object({
    aggregate: z.object({ type: z.enum(['case', 'change', 'lease', 'settings']), id: z.string() }),
  }),
});

/** Brings the message of each event's aggregate up to what is stored; several events of one aggregate are one look. */
export const showMessagesHandler = (deps: Deps) => {
  const show = {
    case: showCase(deps),
    change: showChange(deps),
    lease: showLease(deps),
    settings: async () => {},
  };
  return async (event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    const shown = new Set<string>();
    for (const { messageId, body } of event.Records) {
      try {
        const aggregate = aggregateOf(body);
        if (aggregate === undefined) {
          await deps.deadLetters.bury(body, 'not a domain event in an EventBridge envelope');
          continue;
        }
        const name = `${aggregate.type}/${aggregate.id}`;
        if (!shown.has(name)) await show[aggregate.type](aggregate.id);
        shown.add(name);
      } catch (fault) {
        deps.failed(messageId, fault);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};

function aggregateOf(body: string): z.infer<typeof envelope>['detail']['aggregate'] | undefined {
  try {
    return z.safeParse(envelope, JSON.parse(body)).data?.detail.aggregate;
  } catch {
    return undefined;
  }
}
