import { type PrivilegeClass, privilegeClasses, privilegeClassOf } from '../catalogue/privilege-class.ts';
import { isDangerous } from './danger.ts';
import type { Kept, KeptAction } from './narrow.ts';
import type { Rightsizing } from './rightsize.ts';

/** What somebody who decides wants to see first. */
export interface Summary {
  removed: number;
  /** By privilege class, the gravest last, as the catalogue lists them; classes of which nothing goes are left out. */
  byClass: readonly { class: PrivilegeClass; count: number }[];
  /** Actions that help whoever misuses them to more than themselves. */
  dangerous: readonly string[];
  kept: readonly { why: Kept; count: number; entries: readonly KeptAction[] }[];
}

/** Counts what a proposal takes and leaves. */
export function summaryOf(judged: Rightsizing): Summary {
  const removed = judged.status === 'proposed' ? judged.removed : [];
  const counts = new Map<PrivilegeClass, number>();
  for (const action of removed) {
    const privilegeClass = privilegeClassOf(action);
    counts.set(privilegeClass, (counts.get(privilegeClass) ?? 0) + 1);
  }
  const reasons = [...new Set(judged.kept.map(({ why }) => why))].sort();
  return {
    removed: removed.length,
    byClass: privilegeClasses.flatMap((each) => {
      const count = counts.get(each);
      return count === undefined ? [] : [{ class: each, count }];
    }),
    dangerous: removed.filter(isDangerous),
    kept: reasons.map((why) => {
      const entries = judged.kept.filter((each) => each.why === why);
      return { why, count: entries.length, entries };
    }),
  };
}
