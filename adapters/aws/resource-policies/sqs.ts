import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader } from './reader.ts';

export const sqs: ResourcePolicyReader = {
  service: 'sqs',
  isGlobal: false,
  async *list({ partition, region, account, client }) {
    const queues = recorded(new SQSClient(client));
    const pages = pagesOf(
      (NextToken) => queues.send(new ListQueuesCommand({ NextToken, MaxResults: 1000 })),
      (page) => page.NextToken,
    );
    for await (const { QueueUrls = [] } of pages) {
      for (const QueueUrl of QueueUrls) {
        yield {
          arn: `arn:${partition}:sqs:${region}:${account}:${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
          read: async () => {
            const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] });
            return { policy: (await queues.send(asked)).Attributes?.Policy ?? null };
          },
        };
      }
    }
  },
};
