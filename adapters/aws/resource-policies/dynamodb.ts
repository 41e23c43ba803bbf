import { DynamoDBClient, GetResourcePolicyCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader, unlessNone } from './reader.ts';

export const dynamodb: ResourcePolicyReader = {
  service: 'dynamodb',
  isGlobal: false,
  async *list({ partition, region, account, client }) {
    const tables = recorded(new DynamoDBClient(client));
    const pages = pagesOf(
      (ExclusiveStartTableName) => tables.send(new ListTablesCommand({ ExclusiveStartTableName, Limit: 100 })),
      (page) => page.LastEvaluatedTableName,
    );
    for await (const { TableNames = [] } of pages) {
      for (const name of TableNames) {
        const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
        const policy = () => tables.send(new GetResourcePolicyCommand({ ResourceArn: arn }));
        yield {
          arn,
          read: async () => ({ policy: (await unlessNone('PolicyNotFoundException', policy()))?.Policy ?? null }),
        };
      }
    }
  },
};
