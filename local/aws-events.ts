import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { QueueMessage } from '../adapters/memory/queue.ts';
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

/** What S3 tells a queue about a new object. */
export const objectCreated = (bucket: string, key: string, size: number): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/'), size } },
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
