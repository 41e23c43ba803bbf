import type { Edit, Slot } from '../changes/change.ts';
import type { PrincipalRecord } from '../identity/inventory.ts';
import type { PolicyChange } from './pack.ts';
import { quotas } from './quotas.ts';

/**
 * The edits that carry a proposal, in an order in which the principal lacks at no moment what the proposal leaves it: what
 * is made is attached before anything shrinks or goes. Undone in the opposite order, the same holds. undefined where the
 * old and the new do not fit side by side.
 */
export function editsFor(
  { arn: principal, attached }: PrincipalRecord,
  account: string,
  policies: readonly PolicyChange[],
): readonly Edit[] | undefined {
  const attachment = (policy: string): Slot => ({ type: 'attachment', account, principal, policy });
  const managed = (policy: string): Slot => ({ type: 'managed-policy', account, policy });
  const holds: Edit[] = [];
  const comes: Edit[] = [];
  const shrinks: Edit[] = [];
  const goes: Edit[] = [];
  for (const { name, arn, before, after } of policies) {
    if (arn === null) {
      const edit: Edit = { slot: { type: 'inline-policy', account, principal, name }, before, after };
      (after === null ? goes : shrinks).push(edit);
    } else if (after === null) {
      // Others edit it, AWS for one: what was reviewed is what is exchanged.
      holds.push({ slot: managed(arn), before, after: before });
      goes.push({ slot: attachment(arn), before: 'attached', after: null });
    } else if (before === null) {
      comes.push({ slot: managed(arn), before, after }, { slot: attachment(arn), before: null, after: 'attached' });
    } else {
      holds.push({ slot: attachment(arn), before: 'attached', after: 'attached' });
      shrinks.push({ slot: managed(arn), before, after });
    }
  }
  const atOnce = attached.length + comes.length / 2;
  if (atOnce > Math.max(quotas.attached, attached.length)) return undefined;
  return [...holds, ...comes, ...shrinks, ...goes];
}
