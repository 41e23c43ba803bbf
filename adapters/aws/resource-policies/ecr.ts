import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader, unlessNone } from './reader.ts';

export const ecr: ResourcePolicyReader = {
  service: 'ecr',
  isGlobal: false,
  async *list({ client }) {
    const registry = recorded(new ECRClient(client));
    const pages = pagesOf(
      (nextToken) => registry.send(new DescribeRepositoriesCommand({ nextToken, maxResults: 1000 })),
      (page) => page.nextToken,
    );
    for await (const { repositories = [] } of pages) {
      for (const { repositoryArn: arn, repositoryName } of repositories) {
        if (arn === undefined) continue;
        const policy = () => registry.send(new GetRepositoryPolicyCommand({ repositoryName }));
        yield {
          arn,
          read: async () => ({
            policy: (await unlessNone('RepositoryPolicyNotFoundException', policy()))?.policyText ?? null,
          }),
        };
      }
    }
  },
};
