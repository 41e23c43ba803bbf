import { type Day, dayAt, dayNumber } from '../time.ts';
import type { LedgerItem } from '../usage/item.ts';
import { wilson } from '../wilson.ts';
import { ledgerUntil } from './earlier.ts';
import { parsedPolicy } from './parsed-policy.ts';
import { type Evidence, type Rightsizing, rightsize } from './rightsize.ts';

/** A share with its 95 % interval (Wilson's score interval, which is honest for few trials and shares near 0). */
export interface Share {
  again: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/**
 * How often something that would have been taken was used again within the next days, in this organization: what was
 * named in a policy apart from what only a wildcard covered, since people name what they once needed.
 */
export interface RemovalRisk {
  /** The day at whose end everything would have been taken. */
  asOf: Day;
  /** For at least so long it had not been used then. */
  unusedDays: number;
  withinDays: number;
  named: Share;
  wildcard: Share;
}

/** Measured over one quarter held out. */
const withinDays = 90;
/** Less history before that says nothing about what is seldom used. */
const leastDays = 30;

/**
 * Measures it by held-out time: proposes from the ledger as it was 90 days before the window's end, with today's policies,
 * and counts what of it the ledger shows to be used since. undefined where the ledger does not reach back far enough.
 */
export function removalRisk(evidence: Evidence): RemovalRisk | undefined {
  // As everybody was judged by one window then.
  const { windowOf: _, ...rest } = evidence;
  const { window, usage } = rest;
  const asOf = dayAt(dayNumber(window.last) - withinDays);
  const began = firstDay(usage.values());
  const unusedDays = began === undefined ? 0 : dayNumber(asOf) - dayNumber(began) + 1;
  if (unusedDays < leastDays) return undefined;
  const earlier = rightsize({
    ...rest,
    usage: new Map([...usage].map(([arn, items]) => [arn, ledgerUntil(items, asOf)])),
    // Whoever vouches for today's window cannot be asked about that one: the ledger itself shows that events came in.
    coverage: 'vouched',
    window: { first: began as Day, last: asOf },
  });
  const named: [number, number] = [0, 0];
  const wildcard: [number, number] = [0, 0];
  for (const judged of earlier.filter((each) => each.status === 'proposed')) {
    const names = namedBy(judged, evidence);
    const since = usedAfter(usage.get(judged.principal.arn) ?? [], asOf);
    for (const action of judged.removed) {
      const count = names.has(action.toLowerCase()) ? named : wildcard;
      count[1] += 1;
      if (since.has(action.toLowerCase())) count[0] += 1;
    }
  }
  return { asOf, unusedDays, withinDays, named: shareOf(...named), wildcard: shareOf(...wildcard) };
}

/** What a proposal takes, as it counts for the risk: in how many of these permissions one is used again on average. */
export function takenBy(judged: Rightsizing, evidence: Evidence): { named: number; wildcard: number } {
  if (judged.status !== 'proposed') return { named: 0, wildcard: 0 };
  const names = namedBy(judged, evidence);
  const named = judged.removed.filter((action) => names.has(action.toLowerCase())).length;
  return { named, wildcard: judged.removed.length - named };
}

function firstDay(usage: Iterable<readonly LedgerItem[]>): Day | undefined {
  let first: string | undefined;
  for (const items of usage) {
    for (const { entries } of items) {
      for (const entry of entries.values()) {
        const day = entry.first.time.slice(0, 10);
        if (first === undefined || day < first) first = day;
      }
    }
  }
  return first as Day | undefined;
}

/** Everything that the principal's policies name, in lower case; patterns among it match no action. */
function namedBy({ principal }: Rightsizing, { inventory }: Evidence): ReadonlySet<string> {
  const texts = [...principal.inline, ...principal.attached.flatMap((arn) => inventory.managed.get(arn) ?? [])];
  const statements = texts.flatMap(({ text }) => parsedPolicy(text)?.statements ?? []);
  return new Set(
    statements
      .filter(({ effect, actions }) => effect === 'Allow' && !actions.not)
      .flatMap(({ actions }) => actions.patterns.map((pattern) => pattern.toLowerCase())),
  );
}

/** In lower case. */
function usedAfter(items: readonly LedgerItem[], day: Day): ReadonlySet<string> {
  const used = items.filter(
    ({ kind, action, outcome, entries }) =>
      (kind === 'action' || kind === 'resource') &&
      action !== null &&
      outcome !== 'denied' &&
      [...entries.values()].some(({ last }) => last > day),
  );
  return new Set(used.map(({ action }) => (action as string).toLowerCase()));
}

export function shareOf(again: number, of: number): Share {
  const { share, low, high } = wilson(again, of);
  return { again, of, share, low, high };
}

/** The risk in words, with the actions that are taken now. */
export function riskWords(risk: RemovalRisk | undefined, taken: { named: number; wildcard: number }): string {
  if (risk === undefined) return 'The risk of removal cannot be measured: the logs do not reach back far enough.';
  const { asOf, unusedDays, named, wildcard } = risk;
  const said = (kind: string, { again, of, share, low, high }: Share, now: number) =>
    `of ${of} ${kind}, ${again} were used again (${percent(share)}, 95 % interval ${percent(low)} to ${percent(high)}); ${now} go now`;
  return `Risk of removal, measured on these logs: taken on ${asOf}, unused for ${unusedDays} days or longer, within ${risk.withinDays} days ${said('permissions that policies name', named, taken.named)}; ${said('that only wildcards cover', wildcard, taken.wildcard)}.`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
