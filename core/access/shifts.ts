import type { Outcome } from './decision.ts';
import type { Holder } from './who-can.ts';

/** What became of somebody's access between two states. */
export interface Shift {
  principal: string;
  change: 'gained' | 'lost' | 'changed';
  /** null: nothing. */
  before: Holder | null;
  after: Holder | null;
}

/** Who gained access, lost it, or has it under another condition or extent, by ARN. */
export function shiftsBetween(before: readonly Holder[], after: readonly Holder[]): readonly Shift[] {
  const [was, is] = [before, after].map((holders) => new Map(holders.map((each) => [each.principal.arn, each])));
  const arns = [...new Set([...was!.keys(), ...is!.keys()])].sort();
  return arns.flatMap((principal): Shift[] => {
    const [old, now] = [was!.get(principal) ?? null, is!.get(principal) ?? null];
    if (old && now && said(old) === said(now)) return [];
    return [{ principal, change: changeOf(old, now), before: old, after: now }];
  });
}

const said = ({ answer: { outcome, extent, part } }: Holder): string =>
  JSON.stringify([outcome, extent, part.decision.when?.condition ?? null]);

/** Whoever may for certain where it was a condition, or all where it was some, has gained. */
function changeOf(before: Holder | null, after: Holder | null): Shift['change'] {
  const [was, is] = [rank(before), rank(after)];
  if (was === is) return 'changed';
  return is > was ? 'gained' : 'lost';
}

const worth: Readonly<Record<Outcome, number>> = {
  allowed: 3,
  conditional: 1,
  'invalid-policy': 1,
  'implicit-deny': 0,
  'explicit-deny': 0,
};

const rank = (holder: Holder | null): number =>
  holder === null ? 0 : worth[holder.answer.outcome] * 2 + (holder.answer.extent === 'some' ? 0 : 1);
