import { keep } from './freeze.ts';

export interface QueueMessage<T> {
  id: string;
  body: T;
  /** How often it was handed out, this time included. */
  receives: number;
}

interface DeadLetter<T> extends QueueMessage<T> {
  /** Why the last attempt failed. */
  reason: string;
}

/** What a consumer says of a batch; messages not named are done. */
interface BatchResult {
  failures: readonly { id: string; reason: string }[];
}

export interface MemoryQueue<T> {
  /** Adds a message at the end; resolves to its id. */
  send(body: T): string;
  /** Hands out up to `max` messages, oldest first. They are away until the batch is settled. */
  receive(max: number): readonly QueueMessage<T>[];
  /** Failed messages go to the end, or to the dead letters after `maxReceives`; the others are gone. */
  settle(batch: readonly QueueMessage<T>[], result: BatchResult): void;
  /**
   * What an event source mapping does: batches until nothing is left. A consumer that throws fails its whole batch.
   * Resolves to the number of messages handed out.
   */
  drain(consume: (batch: readonly QueueMessage<T>[]) => Promise<BatchResult>, batchSize?: number): Promise<number>;
  /** Waiting messages, those that are handed out not counted. */
  size(): number;
  deadLetters(): readonly DeadLetter<T>[];
  /** Puts every dead letter back to the end, as new. */
  redrive(): void;
}

/** A queue with dead letters. No clocks: a failed message is at once available again, behind the others. */
export function memoryQueue<T>({ name, maxReceives = 3 }: { name: string; maxReceives?: number }): MemoryQueue<T> {
  let waiting: { id: string; body: T; receives: number }[] = [];
  let dead: DeadLetter<T>[] = [];
  let sent = 0;

  const receive = (max: number) => {
    const batch = waiting.slice(0, max).map((message) => ({ ...message, receives: message.receives + 1 }));
    waiting = waiting.slice(batch.length);
    return batch;
  };
  const settle = (batch: readonly QueueMessage<T>[], { failures }: BatchResult) => {
    const reasons = new Map(failures.map(({ id, reason }) => [id, reason]));
    for (const message of batch) {
      const reason = reasons.get(message.id);
      if (reason === undefined) continue;
      if (message.receives >= maxReceives) dead = [...dead, { ...message, reason }];
      else waiting.push(message);
    }
  };

  return {
    receive,
    settle,
    send(body) {
      sent += 1;
      const id = `${name}-${sent}`;
      waiting.push({ id, body: keep(body), receives: 0 });
      return id;
    },
    async drain(consume, batchSize = 10) {
      let handed = 0;
      while (waiting.length > 0) {
        const batch = receive(batchSize);
        handed += batch.length;
        settle(batch, await consume(batch).catch((fault: unknown) => failAll(batch, fault)));
      }
      return handed;
    },
    size: () => waiting.length,
    deadLetters: () => [...dead],
    redrive() {
      waiting.push(...dead.map(({ id, body }) => ({ id, body, receives: 0 })));
      dead = [];
    },
  };
}

const failAll = <T>(batch: readonly QueueMessage<T>[], fault: unknown): BatchResult => ({
  failures: batch.map(({ id }) => ({ id, reason: fault instanceof Error ? fault.message : String(fault) })),
});
