import type { Inventory, PrincipalRecord } from '../core/identity/inventory.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { isExact } from '../core/policy/match.ts';
import { parsePolicy } from '../core/policy/parse.ts';
import { type Day, dayOf, type Instant, plusSeconds } from '../core/time.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { Calendar, PrincipalSummary } from './api.ts';

/** The window that the page's calendar shows, in days. */
const shownDays = 60;

/** One principal's actions by the days they were used on, joined over whoever acted; undefined where it has none. */
export function calendarOf(
  items: readonly LedgerItem[],
  inventory: Inventory | undefined,
  now: Instant,
): Calendar | undefined {
  const actions = items.filter((item) => item.kind === 'action');
  if (actions.length === 0) return undefined;
  const rows = new Map<string, Calendar['rows'][number]>();
  for (const item of actions) {
    const entry = item.entries.get('');
    if (!entry || item.action === null) continue;
    const key = `${item.action} ${item.outcome}`;
    const row = rows.get(key);
    const days = [...new Set([...(row?.days ?? []), ...entry.days])].sort();
    const firstEver = row && row.firstEver < entry.first.time ? row.firstEver : entry.first.time;
    rows.set(key, { action: item.action, outcome: item.outcome, days, firstEver });
  }
  const { principal, arn } = actions[0]!;
  const holder = inventory?.principals.find((each) => each.id === principal || each.arn === arn);
  const used = new Set(
    [...rows.values()].filter((row) => row.outcome !== 'denied').map((row) => row.action.toLowerCase()),
  );
  return {
    principal,
    arn,
    from: dayOf(plusSeconds(now, -(shownDays - 1) * 86_400)),
    to: dayOf(now),
    rows: [...rows.values()].sort((a, b) => b.days.length - a.days.length || (a.action < b.action ? -1 : 1)),
    unused: holder && inventory ? grantedTo(holder, inventory).filter((action) => !used.has(action.toLowerCase())) : [],
  };
}

/** The exactly named actions that the principal's own policies allow. */
function grantedTo(holder: PrincipalRecord, inventory: Inventory): string[] {
  const managed = holder.attached.flatMap((arn) => inventory.managed.get(arn)?.text ?? []);
  const texts = [...holder.inline.map((policy) => policy.text), ...managed];
  const actions = texts.flatMap((text) => {
    const document = parsePolicy(text);
    if (!document.ok) return [];
    const allows = document.value.statements.filter((each) => each.effect === 'Allow' && !each.actions.not);
    return allows.flatMap((each) => each.actions.patterns.filter(isExact));
  });
  return [...new Set(actions)].sort();
}

/** Who a principal is, in one line; undefined where the ledger holds no action of it. */
export function summaryOf(items: readonly LedgerItem[], people: ReadonlySet<ActorId>): PrincipalSummary | undefined {
  const actions = items.filter((item) => item.kind === 'action');
  const [first] = actions;
  if (first === undefined) return undefined;
  const last =
    actions
      .flatMap((item) => item.entries.get('')?.last ?? [])
      .sort()
      .at(-1) ?? ('' as Day);
  const { principal: id, arn } = first;
  return {
    id,
    arn,
    name: (arn ?? id).replace(/^.*[/:](?=.)/, ''),
    account: arn?.split(':')[4] || null,
    kind: kindOf(id, actions, people),
    actions: new Set(actions.map((item) => item.action)).size,
    last,
  };
}

function kindOf(id: string, items: readonly LedgerItem[], people: ReadonlySet<ActorId>): PrincipalSummary['kind'] {
  if (id.startsWith('service:') || items[0]?.arn?.includes(':role/aws-service-role/')) return 'service';
  if (items.some((item) => people.has(item.actor) || item.actor.startsWith('federated:'))) return 'person';
  return id.startsWith('AROA') || id.startsWith('AIDA') ? 'workload' : 'other';
}
