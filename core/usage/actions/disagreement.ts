import { parseDenialMessage } from '../../access/denial-message.ts';
import { everyActionOf, type MappableEvent } from './actions-of.ts';

/** A call that AWS says needed another action than the mapping knows. */
export interface Disagreement {
  source: string;
  name: string;
  /** The action that the denial names. */
  denied: string;
}

/** A denied call whose message names the action that was missing, and how the mapping files it. */
export interface NamedDenial extends Disagreement {
  /** The resource that the message names; null where it names none. */
  resource: string | null;
  /** How the mapping holds the action: surely needed, perhaps needed, or not known to be needed. */
  mapping: 'certain' | 'conditional' | 'absent';
  /** Whether the record led to that very resource; null where the message names none, or the record shows none. */
  sameResource: boolean | null;
}

/** What of an event tells a denial. */
export type Deniable = MappableEvent & { outcome: string; errorMessage: string | null };

/**
 * What a denial says against the mapping of its call: the one place where AWS itself names the action. Undefined where
 * the call was not denied, and where the message names none.
 */
export function namedDenialOf(event: Deniable): NamedDenial | undefined {
  const { source, name, outcome, errorMessage } = event;
  if (outcome !== 'denied') return undefined;
  const message = parseDenialMessage(errorMessage);
  if (message === undefined) return undefined;
  const { action: denied, resource } = message;
  // Without its message: what AWS named must not be held against itself.
  const mapped = everyActionOf({ ...event, errorMessage: null }).actions.filter(
    ({ action }) => action.toLowerCase() === denied.toLowerCase(),
  );
  const found = mapped.flatMap(({ resources }) => resources);
  return {
    source,
    name,
    denied,
    resource,
    mapping: mapped.length === 0 ? 'absent' : mapped.some(({ certain }) => certain) ? 'certain' : 'conditional',
    sameResource: isOne(resource) && found.length > 0 ? found.includes(resource) : null,
  };
}

const isOne = (resource: string | null): resource is string =>
  resource?.startsWith('arn:') === true && !resource.includes('*');

/** The denials that name an action which the mapping does not know for the call. */
export function disagreementOf(event: Deniable): Disagreement | undefined {
  const found = namedDenialOf(event);
  if (found?.mapping !== 'absent') return undefined;
  return { source: found.source, name: found.name, denied: found.denied };
}
