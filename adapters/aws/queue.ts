import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
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

/**
 * Moves messages to another queue until none is visible or `most` were moved; gives each once it was moved. A message is
 * taken away only after the other queue has it: dying in between doubles one, and loses none.
 */
export async function* moveMessages(from: Queue, to: Queue, most: number): AsyncGenerator<Message> {
  for (let moved = 0; moved < most; ) {
    const { Messages = [] } = await from.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from.url,
        MaxNumberOfMessages: Math.min(10, most - moved),
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages.length === 0) return;
    for (const message of Messages) {
      const { Body = '', ReceiptHandle } = message;
      await enqueueInto(to)(Body);
      await from.sqs.send(new DeleteMessageCommand({ QueueUrl: from.url, ReceiptHandle }));
      moved += 1;
      yield message;
    }
  }
}
