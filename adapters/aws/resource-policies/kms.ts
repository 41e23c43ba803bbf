import {
  GetKeyPolicyCommand,
  type GrantListEntry,
  KMSClient,
  ListGrantsCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import type { KmsGrant } from '../../../core/access/situation.ts';
import { recorded } from '../recorder.ts';
import { pagesOf, type ResourcePolicyReader } from './reader.ts';

export const kms: ResourcePolicyReader = {
  service: 'kms',
  isGlobal: false,
  async *list({ client }) {
    const keys = recorded(new KMSClient(client));
    const pages = pagesOf(
      (Marker) => keys.send(new ListKeysCommand({ Marker, Limit: 1000 })),
      (page) => page.NextMarker,
    );
    for await (const { Keys = [] } of pages) {
      for (const { KeyArn: arn, KeyId } of Keys) {
        if (arn === undefined) continue;
        yield {
          arn,
          read: async () => ({
            policy: (await keys.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy ?? null,
            grants: await grantsOf(keys, KeyId),
          }),
        };
      }
    }
  },
};

async function grantsOf(keys: KMSClient, KeyId: string | undefined): Promise<KmsGrant[]> {
  const grants: KmsGrant[] = [];
  const pages = pagesOf(
    (Marker) => keys.send(new ListGrantsCommand({ KeyId, Marker, Limit: 100 })),
    (page) => page.NextMarker,
  );
  for await (const { Grants = [] } of pages) grants.push(...Grants.map(grantOf));
  return grants;
}

function grantOf({ GranteePrincipal, RetiringPrincipal, Operations, Constraints }: GrantListEntry): KmsGrant {
  const equals = Constraints?.EncryptionContextEquals;
  const bound = equals ?? Constraints?.EncryptionContextSubset;
  return {
    granteePrincipal: GranteePrincipal ?? '',
    retiringPrincipal: RetiringPrincipal ?? null,
    operations: Operations ?? [],
    encryptionContext: bound ? { equals: equals !== undefined, pairs: new Map(Object.entries(bound)) } : null,
  };
}
