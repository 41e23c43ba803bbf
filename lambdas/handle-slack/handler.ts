import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readStoredAsk } from '../../adapters/aws/signed-ask.ts';
import { ok } from '../../core/result.ts';
import { handleSigned, type SignedDeps } from '../../usecases/handle-signed.ts';
import { handleSlack, type Deps as UseCase } from '../../usecases/handle-slack.ts';

export interface Deps extends UseCase {
  /** A record whose handling failed and is tried again. */
  failed(messageId: string, fault: unknown): void;
}

/** What `receive-slack` puts into the queue: the inbox item's id, nothing else. */
const inboxId = /^[0-9a-f]{64}$/;

/** Works through a batch of inbox ids; one that fails comes back alone, one that makes no sense goes to the dead letters. */
export const handleSlackHandler = (deps: Deps) => {
  const handle = handleSlack(deps);
  return async (event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of event.Records) {
      try {
        if (inboxId.test(body)) await handle(body);
        else await deps.deadLetters.bury(body, 'not the id of an inbox item');
      } catch (fault) {
        deps.failed(messageId, fault);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
};

/** What came from a terminal: read, and carried out by the one who signed it. */
export const signedAsks = (deps: SignedDeps): UseCase['signed'] => {
  const carryOut = handleSigned(deps);
  return async (body, key) => {
    const input = readStoredAsk(body);
    return input.ok ? ok(await carryOut(input.value, key)) : input;
  };
};
