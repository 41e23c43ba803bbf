import { append } from '../audit/chain.ts';
import { type DomainEvent, genesis } from '../audit/event.ts';
import type { Instant } from '../time.ts';
import { type Settings, settingsId } from './settings.ts';

/** What an absent row means: nothing is applied anywhere. */
export const onlyObserving: Settings = { v: 1, version: 0, applying: [], killed: false, audit: genesis };

export interface Switch {
  by: string;
  at: Instant;
}

/** Turns applying on or off for one account. Undefined when it stands so already. */
export function switched(
  settings: Settings,
  account: string,
  on: boolean,
  { by, at }: Switch,
): SettingsStep | undefined {
  if (settings.applying.includes(account) === on) return undefined;
  const others = settings.applying.filter((id) => id !== account);
  const applying = on ? [...others, account].sort() : others;
  return stepOf(
    settings,
    { applying },
    { type: on ? 'settings.applying-on' : 'settings.applying-off', by, at, account },
  );
}

/** Stops every change but revocations, or lets them go on. Undefined when it stands so already. */
export const killSwitched = (settings: Settings, killed: boolean, { by, at }: Switch): SettingsStep | undefined =>
  settings.killed === killed
    ? undefined
    : stepOf(settings, { killed }, { type: killed ? 'settings.killed' : 'settings.revived', by, at });

/** Somebody who may not tried to. */
export const switchRefused = (settings: Settings, refusal: string, { by, at }: Switch): SettingsStep =>
  stepOf(settings, {}, { type: 'settings.refused', by, at, refusal });

export interface SettingsStep {
  after: Settings;
  events: readonly DomainEvent[];
}

interface Telling extends Switch {
  type: `settings.${string}`;
  account?: string;
  refusal?: string;
}

function stepOf(settings: Settings, patch: Partial<Settings>, { type, by, at, ...rest }: Telling): SettingsStep {
  const next = { ...settings, ...patch };
  const { event, head } = append(settings.audit, {
    aggregate: { type: 'settings', id: settingsId },
    type,
    at,
    by,
    data: { applying: next.applying, killed: next.killed, ...rest },
  });
  return { after: { ...next, version: settings.version + 1, audit: head }, events: [event] };
}
