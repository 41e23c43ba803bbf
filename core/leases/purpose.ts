/** Access that was lent before, and what of it was used. */
export interface EarlierLoan {
  reason: string;
  /** Person id. */
  beneficiary: string;
  actions: readonly string[];
  resources: readonly string[];
  /** Of the actions those that the ledger saw used; null: not known. */
  used: readonly string[] | null;
}

/** What was enough for the same purpose before. */
export interface Precedent {
  actions: readonly string[];
  resources: readonly string[];
  /** How many loans say so, and to how many people these were made. */
  loans: number;
  people: number;
}

/** Half of the words that matter, at least two where there are so many. */
const alike = 0.5;
/** The newest that fit best are enough to go by. */
const mostLoans = 5;

/**
 * The actions and resources that were enough for the same purpose: of the loans whose reasons share most words with
 * this one, what was used, or what was lent where nothing is known of its use. undefined: nothing like it was lent.
 * `loans` newest first.
 */
export function precedentFor(reason: string, loans: readonly EarlierLoan[]): Precedent | undefined {
  const wanted = wordsOf(reason);
  if (wanted.size === 0) return undefined;
  const fitting = loans
    .map((loan) => ({ loan, likeness: likenessOf(wanted, wordsOf(loan.reason)) }))
    .filter(({ likeness }) => likeness >= alike)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, mostLoans)
    .map(({ loan }) => loan);
  const actions = [
    ...new Set(fitting.flatMap(({ used, actions }) => (used && used.length > 0 ? used : actions))),
  ].sort();
  if (actions.length === 0) return undefined;
  const resources = [...new Set(fitting.flatMap((loan) => loan.resources))].sort();
  const people = new Set(fitting.map(({ beneficiary }) => beneficiary)).size;
  return { actions, resources, loans: fitting.length, people };
}

/** The part of the shorter reason's words that the other has too. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const least = Math.min(a.size, b.size);
  if (least === 0) return 0;
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared < Math.min(2, least) ? 0 : shared / least;
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter((word) => !empty.has(word)));

/** Words that say nothing about a purpose. */
const empty = new Set(
  'and are because been but can for from had has have into its need needs needed not now our out please that the them then there this was were what when which will with you your'.split(
    ' ',
  ),
);
