import type { DomainEvent } from '../../core/audit/event.ts';
import type { EventBus } from '../../usecases/ports/event-bus.ts';
import { keep } from './freeze.ts';

export interface MemoryEventBus extends EventBus {
  /** Sends events of these types to a target, usually a queue. `case.*` takes every type that begins with `case.`. */
  rule(name: string, types: readonly string[], target: (event: DomainEvent) => void): void;
}

/** A bus with rules by event type, in the order they were made. A rule of the same name replaces the earlier one. */
export function memoryEventBus(): MemoryEventBus {
  const rules = new Map<string, { types: readonly string[]; target: (event: DomainEvent) => void }>();
  return {
    rule(name, types, target) {
      rules.set(name, { types, target });
    },
    async publish(event) {
      for (const { types, target } of rules.values())
        if (types.some((type) => matches(type, event.type))) target(keep(event));
    },
  };
}

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
