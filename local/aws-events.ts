import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { QueueMessage } from '../adapters/memory/queue.ts';
import type { DomainEvent } from '../core/audit/event.ts';
import type { SlackHttpRequest } from './slack-clicks.ts';

/** A batch as SQS hands it to a function. */
export const sqsEvent = (queue: string, batch: readonly QueueMessage<string>[]): SQSEvent => ({
  Records: batch.map((message) => ({
    messageId: message.id,
    receiptHandle: message.id,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: 'local',
  })),
});

/** What S3 tells a queue about a new object; back-fill lists old ones in the same words and marks them. */
export const objectCreated = (bucket: string, key: string, historic: boolean): string =>
  JSON.stringify({
    ...(historic && { historic }),
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/') } },
      },
    ],
  });

/** A request as an HTTP API hands it to a function. */
export function httpEvent(path: string, request: SlackHttpRequest): APIGatewayProxyEventV2 {
  const http = { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'local' };
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: request.headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: '127.0.0.1',
      domainPrefix: 'local',
      http,
      requestId: 'local',
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    body: Buffer.from(request.body).toString('base64'),
    isBase64Encoded: true,
  };
}

/** A domain event as EventBridge hands it to a queue. */
export const busEnvelope = (event: DomainEvent): string =>
  JSON.stringify({ source: 'leastwise', 'detail-type': event.type, detail: event });

/** A CloudTrail record as EventBridge forwards it, seconds after the call. */
export const forwarded = (record: {
  eventSource: string;
  eventType: string;
  eventID: string;
  eventTime: string;
  awsRegion: string;
  recipientAccountId: string;
}): string =>
  JSON.stringify({
    version: '0',
    id: record.eventID,
    'detail-type':
      record.eventType === 'AwsConsoleSignIn' ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail',
    source: `aws.${record.eventSource.split('.')[0]}`,
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  });
