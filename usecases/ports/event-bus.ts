import type { DomainEvent } from '../../core/audit/event.ts';

/** The bus on which the other functions hear of what was committed. Delivered at least once, in no order. */
export interface EventBus {
  publish(event: DomainEvent): Promise<unknown>;
}
