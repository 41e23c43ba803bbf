import { setImmediate } from 'node:timers/promises';
import { parseAuthorizationDetails } from '../core/identity/authorization-details.ts';
import { type Day, dayAt, dayNumber, dayOf, type Instant } from '../core/time.ts';
import { forwarded, objectCreated } from './aws-events.ts';
import type { SampleOrganization } from './sample-organization/organization.ts';
import type { System } from './system.ts';
import { type Filed, logFiles } from './trail-bucket.ts';

/** Puts records into the trail's bucket and tells the queue, as S3 would. */
function deliverFiles(
  system: System,
  day: Day,
  records: readonly Filed[],
  how: { historic: boolean; part: string },
): void {
  const { configuration, trail, queues } = system;
  const place = {
    prefix: configuration.trail?.prefix ?? '',
    organization: configuration.organization.id,
    region: configuration.homeRegion,
    day,
    part: how.part,
  };
  for (const { key, bytes } of logFiles(records, place)) {
    trail.put(key, bytes);
    queues.trail.send(objectCreated(trail.name, key, how.historic));
  }
}

/** Loads IAM as the organization has it, and takes the first inventory. */
export async function loadIam(system: System, organization: SampleOrganization): Promise<void> {
  const { truth } = system.stores;
  const at = system.clock.now();
  for (const { id } of organization.accounts) {
    const { inventories: found } = parseAuthorizationDetails([organization.authorizationDetails(id)], at);
    for (const inventory of found) truth.load(inventory);
  }
  for (const { account, user, id, status } of organization.accessKeys)
    truth.putAccessKey(account, user, { id, status });
  await system.takeInventory();
}

/** Files that wait before they are worked through: a batch of record-usage. */
const atOnce = 100;

/** Back-fill: the files of all days, never scored. */
export async function readHistory(
  system: System,
  organization: SampleOrganization,
): Promise<{ days: number; records: number }> {
  const read = { days: 0, records: 0 };
  for (const { day, records } of organization.days()) {
    read.days += 1;
    read.records += records.length;
    deliverFiles(system, day, records, { historic: true, part: 'backfill' });
    if (system.queues.trail.size() < atOnce) continue;
    await system.settle();
    // Whoever opens the page meanwhile gets an answer.
    await setImmediate();
  }
  await system.settle();
  return read;
}

/** The ordinary calls between two moments, as the next files would bring them. */
export async function deliverOrdinary(
  system: System,
  organization: SampleOrganization,
  from: Instant,
  to: Instant,
): Promise<void> {
  const dead = await deactivatedKeys(system, organization);
  const last = dayNumber(dayOf(to));
  for (let number = dayNumber(dayOf(from)); number <= last; number += 1) {
    const day = dayAt(number);
    const records = organization
      .recordsOf(day)
      .filter(
        ({ eventTime, userIdentity: { accessKeyId } }) => eventTime >= from && eventTime < to && !dead.has(accessKeyId),
      );
    deliverFiles(system, day, records, { historic: false, part: from.replaceAll(':', '') });
  }
  await system.settle();
}

/** Nobody calls with a key that was deactivated: AWS does not know it, and no trail shows the attempt. */
async function deactivatedKeys({ stores }: System, { accessKeys }: SampleOrganization): Promise<ReadonlySet<unknown>> {
  const dead = new Set<unknown>();
  for (const { account, user } of accessKeys) {
    for (const { id, status } of await stores.truth.accessKeys(account, user)) if (status === 'Inactive') dead.add(id);
  }
  return dead;
}

/**
 * The attack, through the fast lane; IAM gets the key that the thief made. Resolves to the same events once more, as the
 * trail's files will bring them minutes later.
 */
export async function deliverAttack(
  system: System,
  organization: SampleOrganization,
  start: Instant,
): Promise<{ arriveInFiles(): Promise<void> }> {
  const { records, stolen } = organization.attackAt(start);
  system.stores.truth.putAccessKey(stolen.account, stolen.user, { id: stolen.newAccessKeyId, status: 'Active' });
  for (const record of records) system.queues.trail.send(forwarded(record));
  await system.settle();
  return {
    arriveInFiles: async () => {
      deliverFiles(system, dayOf(start), records, { historic: false, part: `again${start.replaceAll(':', '')}` });
      await system.settle();
    },
  };
}
