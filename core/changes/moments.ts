import { type Instant, plusSeconds } from '../time.ts';
import type { Edit, Plan } from './change.ts';

/** In a plan's text: the moment at which lent access ends; known when the plan is approved. */
export const endPlaceholder = '<end>';
/** In a plan's text: the moment before which sessions are cut. */
export const cutPlaceholder = '<cut>';

/** Sessions that start while a quarantine is on its way are cut too. */
const cutMargin = 60;

/** When access lent by the plan ends, given the moment of approval; undefined for the other kinds. */
export const endOf = (plan: Plan, approvedAt: Instant): Instant | undefined =>
  plan.terms.kind === 'lending' ? plusSeconds(approvedAt, plan.terms.duration) : undefined;

/** The moment before which a quarantine cuts sessions, given the moment of approval. */
const cutOf = (approvedAt: Instant): Instant => plusSeconds(approvedAt, cutMargin);

/** The plan's edits as they are applied: every placeholder replaced by what the moment of approval makes of it. */
export function editsAt(plan: Plan, approvedAt: Instant): readonly Edit[] {
  const end = endOf(plan, approvedAt);
  return plan.edits.map((edit) => ({ ...edit, after: edit.after && filled(edit.after, plan, end, cutOf(approvedAt)) }));
}

/** Only the kind that owns a placeholder fills it: in any other plan the same letters are somebody's own text. */
function filled(text: string, plan: Plan, end: Instant | undefined, cut: Instant): string {
  if (end !== undefined) return text.replaceAll(`"${endPlaceholder}"`, `"${end}"`);
  return plan.kind === 'quarantine' ? text.replaceAll(`"${cutPlaceholder}"`, `"${cut}"`) : text;
}
