import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '../../usecases/ports/event-bus.ts';

/** The bus of domain events: source `leastwise`, the event's type as detail-type, the event as detail. */
export function eventBus({ client, bus }: { client: EventBridgeClient; bus: string }): EventBus {
  return {
    publish: async (event) => {
      const { FailedEntryCount, Entries } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: bus,
              Source: 'leastwise',
              DetailType: event.type,
              Time: new Date(event.at),
              Detail: JSON.stringify(event),
            },
          ],
        }),
      );
      // The call succeeds even where the bus took nothing.
      const [entry] = Entries ?? [];
      if (FailedEntryCount || !entry?.EventId) {
        const { type, id } = event.aggregate;
        throw new Error(
          `the bus did not take ${type} ${id} ${event.sequence}: ${entry?.ErrorCode} ${entry?.ErrorMessage}`,
        );
      }
    },
  };
}
