import type { Outcome } from './decision.ts';
import type { Answer } from './extent.ts';
import type { OutsideHolder } from './outsiders.ts';
import type { Holder } from './who-can.ts';

/** What somebody may in one state, of the inventory or from outside. */
export interface Access extends Pick<Holder, 'question' | 'answer'> {
  /** An ARN; of outsiders also a service, a provider or `*`. */
  principal: string;
  /** What the ledger knows it by. */
  id: string;
}

/** Everybody who may, from inside and outside. */
export const accessOf = (holders: readonly Holder[], outsiders: readonly OutsideHolder[]): readonly Access[] => [
  ...holders.map(({ principal: { arn, id }, ...rest }) => ({ ...rest, principal: arn, id })),
  ...outsiders.map(({ outsider: { principal }, ...rest }) => ({ ...rest, principal, id: principal })),
];

/** What became of somebody's access between two states. */
export interface Shift {
  principal: string;
  change: 'gained' | 'lost' | 'changed';
  /** null: nothing. */
  before: Access | null;
  after: Access | null;
}

/** Who gained access, lost it, or has it under another condition or extent, by name. */
export function shiftsBetween(before: readonly Access[], after: readonly Access[]): readonly Shift[] {
  const [was, is] = [before, after].map((all) => new Map(all.map((each) => [each.principal, each])));
  const arns = [...new Set([...was!.keys(), ...is!.keys()])].sort();
  return arns.flatMap((principal): Shift[] => {
    const [old, now] = [was!.get(principal) ?? null, is!.get(principal) ?? null];
    if (old && now && said(old) === said(now)) return [];
    return [{ principal, change: changeOf(old, now), before: old, after: now }];
  });
}

const said = ({ answer: { outcome, extent, part } }: { answer: Answer }): string =>
  JSON.stringify([outcome, extent, part.decision.when?.condition ?? null]);

/** Whoever may for certain where it was a condition, or all where it was some, has gained. */
function changeOf(before: Access | null, after: Access | null): Shift['change'] {
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

const rank = (access: Access | null): number =>
  access === null ? 0 : worth[access.answer.outcome] * 2 + (access.answer.extent === 'some' ? 0 : 1);
