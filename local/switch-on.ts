import { settingsId } from '../core/changes/settings.ts';
import { switchApplying } from '../usecases/switch-applying.ts';
import type { System } from './system.ts';

/** A new system only observes; this person, who may approve, switches applying on in every account. Gives the accounts. */
export async function switchOnEverywhere(system: System, by: string): Promise<readonly string[]> {
  const { stores, configuration, clock } = system;
  const turn = switchApplying({ settings: stores.state.settings, configuration, now: clock.now });
  for (const { id } of configuration.accounts) await turn({ by, account: id, on: true });
  await system.settle();
  return (await stores.state.settings.find(settingsId))?.applying ?? [];
}
