import type { Instant } from '../time.ts';
import type { Approvers } from './matter.ts';
import { membersOf } from './roster.ts';
import { selvesOf } from './same-person.ts';

/** Whether a rule names this person as somebody who may approve, in that account where one is given. */
export function isApprover(id: string, approvers: Approvers, at: Instant, account?: string): boolean {
  const person = approvers.people.find((each) => each.id === id);
  const selves = person === undefined ? [] : selvesOf(person, approvers.people);
  return approvers.rules.some((rule) => {
    const named = membersOf(rule.approvers, approvers, at);
    const isThere = account === undefined || rule.accounts === undefined || rule.accounts.includes(account);
    return !rule.deny && isThere && selves.some((self) => named.has(self.id));
  });
}

/** Everybody whom a rule names so. */
export const approversOf = (approvers: Approvers, at: Instant): readonly string[] =>
  approvers.people
    .map(({ id }) => id)
    .filter((id) => isApprover(id, approvers, at))
    .sort();
