import type { Inventory, PolicyText, PrincipalRecord } from '../identity/inventory.ts';
import type { PolicyChange } from './pack.ts';
import type { Rightsizing } from './rightsize.ts';

/** The inventory once every proposal was applied, by the words of its policies alone. */
export function applied(inventory: Inventory, judged: readonly Rightsizing[]): Inventory {
  const managed = new Map(inventory.managed);
  const principals = new Map(inventory.principals.map((each) => [each.arn, each]));
  for (const each of judged) {
    if (each.status !== 'proposed') continue;
    const { arn } = each.principal;
    for (const change of each.policies) {
      if (change.kind !== 'inline' && change.after !== null) managed.set(change.arn as string, textOf(change));
      principals.set(arn, withChange(principals.get(arn) as PrincipalRecord, change));
    }
  }
  return { ...inventory, managed, principals: [...principals.values()] };
}

const textOf = ({ name, arn, after }: PolicyChange): PolicyText => ({ name, arn, text: after as string });

function withChange(principal: PrincipalRecord, change: PolicyChange): PrincipalRecord {
  const { name, kind, arn, before, after } = change;
  if (kind === 'inline') {
    const inline = principal.inline.flatMap((policy) =>
      policy.name !== name ? [policy] : after === null ? [] : [{ ...policy, text: after }],
    );
    return { ...principal, inline };
  }
  const { attached } = principal;
  if (before === null) return { ...principal, attached: [...attached, arn as string] };
  return after === null ? { ...principal, attached: attached.filter((each) => each !== arn) } : principal;
}
