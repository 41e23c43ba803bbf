import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { inventoryScan, inventorySource } from '../../adapters/aws/authorization-details.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { organizationScan } from '../../adapters/aws/organization-scan.ts';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { enqueueInto } from '../../adapters/aws/queue.ts';
import { recorded } from '../../adapters/aws/recorder.ts';
import type { Place } from '../../adapters/aws/resource-policies/reader.ts';
import { resourceScan } from '../../adapters/aws/resource-policies/scan.ts';
import { deploymentOf, fastLaneRegions } from '../../core/configuration.ts';
import { bucket, configuration, failed, memberIam, memberSessions, now, queue } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { takeInventoryHandler } from './handler.ts';

/** Of the ten minutes that a run has; what is under way then must still end. */
const budget = 480_000;

export const handler = entry(env, (environment, { logger, count }) => {
  const settings = configuration();
  const { managementAccount } = deploymentOf(settings);
  const sessions = memberSessions(environment.MEMBER_ROLE);
  /** Whatever throttles is waited for at length: nobody waits for this. */
  const clientIn = (account: string, region: string): Place['client'] => ({
    region,
    credentials: sessions(account, inventorySource),
    maxAttempts: 10,
    retryMode: 'adaptive',
  });
  const store = bucket(environment.INVENTORY_BUCKET);
  let begun = 0;
  const handle = takeInventoryHandler({
    accounts: settings.accounts.map(({ id }) => id),
    scan: inventoryScan(memberIam(environment.MEMBER_ROLE)).scan,
    resources: resourceScan(
      (account, region) => ({ account, partition: 'aws', region, client: clientIn(account, region) }),
      fastLaneRegions(settings).whole,
    ),
    organization: managementAccount === null ? null : scanOf(clientIn(managementAccount, settings.homeRegion)),
    inventories: inventoryStore(store),
    organizations: organizationStore(store),
    send: enqueueInto(queue(environment.INVENTORY_QUEUE_URL)),
    hasTime: () => performance.now() - begun < budget,
    report: (taken) => logger.warn('not everything was read', { ...taken, fault: String(taken) }),
    count,
    failed: failed({ logger }),
    now,
  });
  return async (event: Parameters<typeof handle>[0]) => {
    begun = performance.now();
    return handle(event);
  };
});

/** Identity Center is looked for in the home region; Organizations answers in one region alone. */
function scanOf(client: Place['client']) {
  return organizationScan({
    organizations: recorded(new OrganizationsClient({ ...client, region: 'us-east-1' })),
    sso: recorded(new SSOAdminClient(client)),
    store: recorded(new IdentitystoreClient(client)),
  });
}
