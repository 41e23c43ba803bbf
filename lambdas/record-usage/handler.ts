import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { objectOf, textOf } from '../../core/untrusted.ts';
import type { Rejection } from '../../core/usage/event.ts';
import { type Delivery, recordUsage, type Deps as UseCase } from '../../usecases/record-usage.ts';

export interface Deps extends UseCase {
  /** Metrics of the namespace Leastwise. */
  count(metric: 'AcceptedRecords' | 'RejectedRecords' | 'FailedDeliveries' | 'MappingDisagreements', by: number): void;
}

/**
 * Both queues end here: bodies are EventBridge events or S3 notifications. A message that cannot be read comes back
 * until it lands in the dead letters; its reason is kept under the message's id. The others of its batch go on.
 */
export const recordUsageHandler = (deps: Deps) => {
  const disagreed: Deps['disagreed'] = (found) => {
    deps.count('MappingDisagreements', found.length);
    deps.disagreed?.(found);
  };
  const record = recordUsage({ ...deps, disagreed });
  return async ({ Records: messages }: SQSEvent): Promise<SQSBatchResponse> => {
    const read = messages.map((message) => ({ id: message.messageId, deliveries: deliveriesOf(message) }));
    const poison = read.filter(({ deliveries }) => deliveries === null);
    const recorded = await record(read.flatMap(({ deliveries }) => deliveries ?? []));
    if (poison.length > 0) await deps.keepRejections(poison.map(({ id }) => unreadable(id)));
    const failed = new Set([...poison, ...recorded.failed].map(({ id }) => id));
    deps.count('AcceptedRecords', recorded.accepted);
    deps.count('RejectedRecords', recorded.rejected + poison.length);
    deps.count('FailedDeliveries', failed.size);
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
};

const unreadable = (id: string): Rejection => ({
  reason: 'not-json',
  detail: 'the message is no JSON object',
  place: { source: `message ${id}`, index: null },
});

/** null where the body is no JSON object. A notification may name several objects, or be S3's own test: none. */
function deliveriesOf({ messageId: id, body }: SQSRecord): Delivery[] | null {
  const message = objectOf(parsed(body));
  if (message === null) return null;
  if (message.Event === 's3:TestEvent') return [];
  // Back-fill lists old files into the same queue, marked: S3 itself writes no such member.
  const historic = message.historic === true;
  const notified = Array.isArray(message.Records)
    ? message.Records.map((each) => objectDelivery(id, each, historic))
    : [];
  if (notified.length > 0 && notified.every((delivery) => delivery !== null)) return notified;
  return [{ id, lane: 'fast', envelope: message }];
}

function objectDelivery(id: string, notification: unknown, historic: boolean): Delivery | null {
  const s3 = objectOf(objectOf(notification)?.s3);
  const bucket = textOf(objectOf(s3?.bucket)?.name);
  const key = textOf(objectOf(s3?.object)?.key);
  return bucket === null || key === null ? null : { id, lane: 'full', bucket, key: decoded(key), historic };
}

/** S3 writes keys in notifications as in a form: spaces are `+`, the rest is percent-encoded. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
