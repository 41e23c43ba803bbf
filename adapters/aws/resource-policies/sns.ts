import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader } from './reader.ts';

export const sns: ResourcePolicyReader = {
  service: 'sns',
  isGlobal: false,
  async *list({ client }) {
    const topics = recorded(new SNSClient(client));
    const pages = pagesOf(
      (NextToken) => topics.send(new ListTopicsCommand({ NextToken })),
      (page) => page.NextToken,
    );
    for await (const { Topics = [] } of pages) {
      for (const { TopicArn: arn } of Topics) {
        if (arn === undefined) continue;
        yield {
          arn,
          read: async () => ({
            policy: (await topics.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.Policy ?? null,
          }),
        };
      }
    }
  },
};
