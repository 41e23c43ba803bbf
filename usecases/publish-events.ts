import type { DomainEvent } from '../core/audit/event.ts';
import type { AuditArchive } from './ports/audit-archive.ts';
import type { EventBus } from './ports/event-bus.ts';
import type { Outbox } from './ports/state-stores.ts';

export interface PublishEventsDeps {
  archive: Pick<AuditArchive, 'put'>;
  bus: EventBus;
  outbox: Pick<Outbox, 'published' | 'pending'>;
}

/** An event that stays in the outbox, and why. */
export interface Unpublished {
  event: DomainEvent;
  fault: unknown;
}

/**
 * Carries committed events out: into the archive first, so that nothing is acted upon that the audit does not hold, then
 * onto the bus, and only then out of the outbox. Each may happen twice, none is left out; one that fails does not stop
 * the others. Gives those that failed.
 */
export const publishEvents =
  ({ archive, bus, outbox }: PublishEventsDeps) =>
  async (events: readonly DomainEvent[]): Promise<readonly Unpublished[]> => {
    const failed: Unpublished[] = [];
    for (const event of events) {
      try {
        await archive.put(event);
        await bus.publish(event);
        await outbox.published(event);
      } catch (fault) {
        failed.push({ event, fault });
      }
    }
    return failed;
  };

/** The same for whatever the stream lost. */
export const sweepOutbox =
  (deps: PublishEventsDeps) =>
  async (limit = 500): Promise<readonly Unpublished[]> =>
    publishEvents(deps)(await deps.outbox.pending(limit));
