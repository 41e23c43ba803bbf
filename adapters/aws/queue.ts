import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../usecases/ports/dead-letters.ts';

export interface Queue {
  sqs: SQSClient;
  url: string;
}

/** Puts a body into the queue, as it is. */
export const enqueueInto =
  ({ sqs, url }: Queue) =>
  async (body: string): Promise<void> => {
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  };

/** A dead-letter queue that is written to directly, the reason beside the body. */
export const deadLetterQueue = ({ sqs, url }: Queue): DeadLetters => ({
  bury: async (body, reason) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        // A queue takes no empty body.
        MessageBody: body === '' ? ' ' : body,
        MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
      }),
    );
  },
});
