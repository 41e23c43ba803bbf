import { isApprover } from '../core/approvals/approver.ts';
import { type Confirmation, isConfirmed, needsConfirmation } from '../core/approvals/confirmation.ts';
import { identitiesOf } from '../core/approvals/same-person.ts';
import { type Settings, settingsId } from '../core/changes/settings.ts';
import {
  killSwitched,
  onlyObserving,
  type SettingsStep,
  type Switch,
  switched,
  switchRefused,
} from '../core/changes/settings-step.ts';
import { turnDigest, turnRisk } from '../core/changes/turn.ts';
import type { Configuration } from '../core/configuration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { SettingsStore } from './ports/state-stores.ts';
import { whenStale } from './when-stale.ts';

export interface SwitchApplyingDeps {
  settings: SettingsStore;
  configuration: Pick<Configuration, 'people' | 'rules' | 'groups' | 'onCall' | 'accounts' | 'confirmAbove'>;
  now(): Instant;
}

/** `not-an-approver`: switching on is for those who may approve in that account; switching off is for anybody known. */
export type SwitchRefusal = 'unknown-person' | 'unknown-account' | 'not-an-approver' | 'not-confirmed';

/** `confirmation`: signed over `turnDigest`, by the person's own session of AWS. */
type Asking<T> = T & { by: string; confirmation?: Confirmation };

/** Turns applying on or off for one account. A new deployment only observes until somebody does. */
export const switchApplying =
  (deps: SwitchApplyingDeps) =>
  ({
    by,
    account,
    on,
    confirmation,
  }: Asking<{ account: string; on: boolean }>): Promise<Result<Settings, SwitchRefusal>> =>
    turn(deps, by, (settings, who) => {
      const { configuration } = deps;
      if (!configuration.accounts.some(({ id }) => id === account)) return fail('unknown-account');
      if (on && !mayTurnOn(configuration, who, account)) return fail('not-an-approver');
      if (on && !confirms(configuration, who, confirmation, turnDigest({ what: 'apply-on', account }, settings)))
        return fail('not-confirmed');
      return ok(switched(settings, account, on, who));
    });

/** Stops every change but revocations at once, or lets changes go on. */
export const switchKill =
  (deps: SwitchApplyingDeps) =>
  ({ by, killed, confirmation }: Asking<{ killed: boolean }>): Promise<Result<Settings, SwitchRefusal>> =>
    turn(deps, by, (settings, who) => {
      if (!killed && !mayTurnOn(deps.configuration, who)) return fail('not-an-approver');
      if (!killed && !confirms(deps.configuration, who, confirmation, turnDigest({ what: 'resume' }, settings)))
        return fail('not-confirmed');
      return ok(killSwitched(settings, killed, who));
    });

type Turning = (settings: Settings, who: Switch) => Result<SettingsStep | undefined, SwitchRefusal>;

/** Turning to where it stands already changes nothing and tells nothing. */
const turn = (deps: SwitchApplyingDeps, by: string, turning: Turning): Promise<Result<Settings, SwitchRefusal>> =>
  whenStale(async () => {
    const stored = await deps.settings.find(settingsId);
    const settings = stored ?? onlyObserving;
    const who = { by, at: deps.now() };
    const known = deps.configuration.people.some(({ id }) => id === by);
    const turned = known ? turning(settings, who) : fail('unknown-person' as const);
    const step = turned.ok ? turned.value : switchRefused(settings, turned.error, who);
    if (step === undefined) return ok(settings);
    await deps.settings.commit(stored, step.after, step.events);
    return turned.ok ? ok(step.after) : turned;
  });

/** Whoever is being taken out of the configuration turns nothing on. */
const mayTurnOn = (configuration: SwitchApplyingDeps['configuration'], { by, at }: Switch, account?: string): boolean =>
  isApprover(by, configuration, at, account) &&
  !configuration.people.some(({ id, suspended }) => id === by && suspended);

function confirms(
  { people, confirmAbove }: SwitchApplyingDeps['configuration'],
  { by }: Switch,
  confirmation: Confirmation | undefined,
  digest: string,
): boolean {
  const person = people.find(({ id }) => id === by);
  if (!needsConfirmation(turnRisk, confirmAbove)) return true;
  return person !== undefined && isConfirmed(confirmation, digest, identitiesOf(person, people));
}
