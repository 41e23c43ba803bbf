import { parseDenialMessage } from '../../access/denial-message.ts';
import type { UsageEvent } from '../event.ts';
import { actionNamesOf } from './actions-of.ts';

/** A call that AWS says needed another action than the mapping knows. */
export interface Disagreement {
  source: string;
  name: string;
  /** The action that the denial names. */
  denied: string;
}

/**
 * What a denial says against the mapping of its call: the one place where AWS itself names the action. Undefined where
 * they agree, where the call was not denied, and where the message names none.
 */
export function disagreementOf(event: UsageEvent): Disagreement | undefined {
  const { source, name, outcome, errorMessage } = event;
  if (outcome !== 'denied') return undefined;
  const denied = parseDenialMessage(errorMessage)?.action;
  if (denied === undefined) return undefined;
  const mapped = actionNamesOf(event).map((action) => action.toLowerCase());
  return mapped.includes(denied.toLowerCase()) ? undefined : { source, name, denied };
}
