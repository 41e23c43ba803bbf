import type { ActorId } from '../identity/principal.ts';
import type { LedgerItem } from '../usage/item.ts';
import { assess } from './assess.ts';
import type { Assessment, Verdict } from './case.ts';
import { type Facts, noFacts } from './facts.ts';
import { modelOf } from './model.ts';

/** Every case of a whole ledger, by time and id: what the open cases must be once everything has arrived. */
export function casesOf(
  items: readonly LedgerItem[],
  verdicts: readonly Verdict[] = [],
  facts: Facts = noFacts,
): readonly Assessment[] {
  const model = modelOf();
  const byActor = new Map<ActorId, LedgerItem[]>();
  for (const item of items) {
    const own = byActor.get(item.actor);
    if (own === undefined) byActor.set(item.actor, [item]);
    else own.push(item);
  }
  return [...byActor]
    .flatMap(([actor, own]) =>
      assess(
        own,
        verdicts.filter((verdict) => verdict.actor === actor),
        model,
        facts,
      ),
    )
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1));
}
