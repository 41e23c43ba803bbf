import { dayOf, type Instant, plusSeconds, secondsOf } from '../core/time.ts';
import type { Source } from './live.ts';
import { accounts } from './sample-organization/accounts.ts';
import { carrierPerson } from './sample-organization/identities.ts';
import type { SampleOrganization } from './sample-organization/organization.ts';
import { deliverAttack, deliverOrdinary } from './sample-source.ts';
import type { System } from './system.ts';

/** CloudTrail's files come minutes later, so the next ones are not looked for every second. */
const betweenFiles = 60;
/** What the sample's person on call restarts. */
const ordersService = `arn:aws:ecs:eu-central-1:${accounts.production}:service/main/orders`;
/** The attack of the sample lasts four minutes and has just happened. */
const attackLasts = 240;

/** The sample organization goes on working while somebody watches. */
export function sampleSource(system: System, organization: SampleOrganization): Source {
  const { clock, configuration, stores } = system;
  const victim = organization.attackAt(clock.now()).stolen;
  let upTo = clock.now();
  let inFiles: { arriveInFiles(): Promise<void> } | undefined;
  return {
    kind: 'sample',
    words: 'A sample organization: five accounts, twelve people and their machines, invented by this program.',
    example: {
      as: carrierPerson,
      text: `request ecs:UpdateService,ecs:DescribeServices on ${ordersService} for 1h because the order queue is stuck`,
    },
    async catchUp() {
      const now = clock.now();
      if (secondsOf(now) - secondsOf(upTo) < betweenFiles) return false;
      const from = upTo;
      upTo = now;
      await deliverOrdinary(system, organization, from, now);
      await inFiles?.arriveInFiles();
      inFiles = undefined;
      if (passesNight(from, now)) {
        await system.takeInventory();
        for (const { id } of configuration.accounts) await system.proposeRightsizing(id);
      }
      return true;
    },
    async canAttack() {
      const keys = await stores.truth.accessKeys(accounts.production, victim.user);
      return keys.length === 1 && keys[0]?.status === 'Active';
    },
    async attack() {
      inFiles = await deliverAttack(system, organization, plusSeconds(clock.now(), -attackLasts));
    },
    ingestion: () => ({
      events: system.counts.get('AcceptedRecords') ?? 0,
      rejected: system.counts.get('RejectedRecords') ?? 0,
    }),
  };
}

/** Whether the hour of the nightly rules, three in the morning, lies between two moments. */
const passesNight = (from: Instant, to: Instant): boolean =>
  dayOf(plusSeconds(from, -3 * 3600)) !== dayOf(plusSeconds(to, -3 * 3600));
