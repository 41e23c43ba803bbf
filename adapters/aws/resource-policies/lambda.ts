import { GetPolicyCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader, unlessNone } from './reader.ts';

export const lambda: ResourcePolicyReader = {
  service: 'lambda',
  isGlobal: false,
  async *list({ client }) {
    const functions = recorded(new LambdaClient(client));
    const pages = pagesOf(
      (Marker) => functions.send(new ListFunctionsCommand({ Marker, MaxItems: 50 })),
      (page) => page.NextMarker,
    );
    for await (const { Functions = [] } of pages) {
      for (const { FunctionArn: arn } of Functions) {
        if (arn === undefined) continue;
        const policy = () => functions.send(new GetPolicyCommand({ FunctionName: arn }));
        yield {
          arn,
          read: async () => ({ policy: (await unlessNone('ResourceNotFoundException', policy()))?.Policy ?? null }),
        };
      }
    }
  },
};
