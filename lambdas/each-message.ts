import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DeadLetters } from '../usecases/ports/dead-letters.ts';

export interface EachMessageDeps {
  deadLetters: DeadLetters;
  /** A message whose work failed and is delivered again. */
  failed(messageId: string, fault: unknown): void;
}

/**
 * Works through a batch one message at a time. One that fails comes back alone; one that cannot be read will never be
 * readable and goes to the dead letters with its reason. `read` gives undefined for such a body.
 */
export const eachMessage =
  <T>({ deadLetters, failed }: EachMessageDeps, expected: string, read: (body: unknown) => T | undefined) =>
  (work: (message: T) => Promise<unknown>) =>
  async (event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of event.Records) {
      try {
        const message = read(parsed(body));
        if (message === undefined) await deadLetters.bury(body, `not ${expected}`);
        else await work(message);
      } catch (fault) {
        failed(messageId, fault);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
