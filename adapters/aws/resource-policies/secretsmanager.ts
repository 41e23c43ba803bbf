import { GetResourcePolicyCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader } from './reader.ts';

export const secretsmanager: ResourcePolicyReader = {
  service: 'secretsmanager',
  isGlobal: false,
  async *list({ client }) {
    const secrets = recorded(new SecretsManagerClient(client));
    const pages = pagesOf(
      (NextToken) => secrets.send(new ListSecretsCommand({ NextToken, MaxResults: 100 })),
      (page) => page.NextToken,
    );
    for await (const { SecretList = [] } of pages) {
      for (const { ARN: arn } of SecretList) {
        if (arn === undefined) continue;
        yield {
          arn,
          read: async () => ({
            policy: (await secrets.send(new GetResourcePolicyCommand({ SecretId: arn }))).ResourcePolicy ?? null,
          }),
        };
      }
    }
  },
};
