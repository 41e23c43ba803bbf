import { canonicalHash } from '../audit/canonical.ts';
import { withRefused } from '../audit/refused-clicks.ts';
import type { FederationChange } from '../identity/federation-change.ts';
import type { Instant } from '../time.ts';
import { type Freeze, type Registry, type RegistryStep, registryStep } from './registry.ts';

export type { Freeze } from './registry.ts';

/** The freeze of an account; undefined where there is none. */
export const freezeOf = ({ frozen = [] }: Pick<Registry, 'frozen'>, account: string): Freeze | undefined =>
  frozen.find((each) => each.account === account);

/** One row holds them all. */
const mostActors = 100;

/** What lifting is about: of this account, for this change. */
export const freezeDigest = (freeze: Freeze): string => canonicalHash({ lift: freeze });

/** Undefined where this change froze it already. A later one is told anew, and what was shown of the earlier lifts nothing. */
export function froze(registry: Registry, change: FederationChange, at: Instant): RegistryStep | undefined {
  const before = freezeOf(registry, change.account);
  if (before?.eventID === change.eventID) return undefined;
  const actors = [...new Set([...(before?.actors ?? []), ...(change.actor ? [change.actor] : [])])];
  const freeze: Freeze = { ...change, at: before?.at ?? at, actors: actors.slice(0, mostActors) };
  const frozen = [...others(registry, change.account), freeze];
  const data = { ...change, alarm: 'identity-center-provider' };
  return registryStep(registry, { frozen }, { type: 'enrolment.frozen', at, by: 'freeze-enrolments', data });
}

/** Somebody who may says that the change was right. */
export const lifted = (registry: Registry, { account, eventID }: Freeze, by: string, at: Instant): RegistryStep =>
  registryStep(
    registry,
    { frozen: others(registry, account) },
    { type: 'enrolment.lifted', at, by, data: { account, eventID } },
  );

/** Somebody who may not tried to. */
export const liftRefused = (
  registry: Registry,
  { account, eventID }: Freeze,
  refusal: string,
  { by, at, key }: { by: string; at: Instant; key: string },
): RegistryStep =>
  registryStep(registry, withRefused(registry, key), {
    type: 'enrolment.lift-refused',
    at,
    by,
    data: { account, eventID, refusal },
  });

const others = ({ frozen = [] }: Registry, account: string): readonly Freeze[] =>
  frozen.filter((each) => each.account !== account);
