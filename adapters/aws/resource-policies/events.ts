import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader } from './reader.ts';

export const events: ResourcePolicyReader = {
  service: 'events',
  isGlobal: false,
  async *list({ client }) {
    const buses = recorded(new EventBridgeClient(client));
    const pages = pagesOf(
      (NextToken) => buses.send(new ListEventBusesCommand({ NextToken, Limit: 100 })),
      (page) => page.NextToken,
    );
    for await (const { EventBuses = [] } of pages) {
      for (const { Arn: arn, Policy } of EventBuses) {
        if (arn !== undefined) yield { arn, read: async () => ({ policy: Policy ?? null }) };
      }
    }
  },
};
