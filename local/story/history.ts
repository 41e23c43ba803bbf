import { settingsId } from '../../core/changes/settings.ts';
import type { PrincipalId } from '../../core/identity/principal.ts';
import { type Day, dayAt, dayNumber, dayOf, type Instant } from '../../core/time.ts';
import { readHistory } from '../sample-source.ts';
import { switchOnEverywhere } from '../switch-on.ts';
import { type Scene, see } from './scene.ts';

/** Sixty days of files become a ledger; nothing of it is told to anybody. */
export async function tellHistory(scene: Scene): Promise<void> {
  const { system, organization, say } = scene;
  const { ledger, slack, state } = system.stores;
  const { days, records } = await readHistory(system, organization);
  const monthly = daysUntil(system.clock.now(), days).filter((day) => day.endsWith('-01'));
  const accepted = system.counts.get('AcceptedRecords') ?? 0;
  see(accepted === records, `Of ${records} records ${accepted} were taken in: ${system.problems[0] ?? ''}`);
  const principals = await ledger.principals();
  see(principals.length > 30, `The ledger knows ${principals.length} principals only.`);
  see((await ledger.unscored(1)).length === 0, 'History was marked to be scored.');
  see(slack.messages(organization.configuration.slack.channel).length === 0, 'History was told in Slack.');
  say(`Read the trail of ${organization.accounts.length} accounts: ${records} events of ${days} days, none rejected.`);
  const billing = await roleNamed(scene, 'billing-export');
  const days0 = (await ledger.itemsOfPrincipal(billing)).find((item) => item.action === 'ce:GetCostAndUsage');
  const used = days0?.entries.get('')?.days ?? [];
  see(
    used.join() === monthly.join(),
    `The monthly job ran on ${monthly.join(', ')} and was seen on ${used.join(', ')}.`,
  );
  say(
    `The ledger has ${principals.length} principals. It remembers the monthly job: billing-export ran on ${used.join(' and ')}.`,
  );
  see((await state.settings.find(settingsId)) === undefined, 'Applying was on before anybody switched it on.');
}

const daysUntil = (end: Instant, count: number): Day[] =>
  Array.from({ length: count }, (_, i) => dayAt(dayNumber(dayOf(end)) - count + 1 + i));

async function roleNamed({ system, organization }: Scene, name: string): Promise<PrincipalId> {
  for (const { id } of organization.accounts) {
    const found = (await system.stores.inventories.read(id))?.principals.find((each) => each.name === name);
    if (found) return found.id as PrincipalId;
  }
  return see(false, `No role ${name} is in the inventory.`) as never;
}

/** A new system only observes, until somebody who may approve says otherwise. */
export async function switchOn({ system, organization, say }: Scene, by = 'ada'): Promise<void> {
  const applying = await switchOnEverywhere(system, by);
  see(applying.length === organization.accounts.length, 'Applying could not be switched on.');
  say(`It only observed until now; Ada switches applying on in ${applying.length} accounts.`);
}
