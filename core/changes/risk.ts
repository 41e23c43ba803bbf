import type { Risk } from '../approvals/risk.ts';
import { type PrivilegeClass, privilegeClassOf } from '../catalogue/privilege-class.ts';
import type { Change, Terms } from './change.ts';

/**
 * The risk of approving what is being asked of a change now. Taking permissions away costs an outage at worst, and can
 * be undone; giving them back to somebody who was cut off, or lending what an attacker looks for, cannot.
 */
export function riskOf({ plan, state }: Pick<Change, 'plan' | 'state'>): Risk {
  const undoing = state === 'undo-planned';
  switch (plan.terms.kind) {
    case 'quarantine':
      return undoing ? 'high' : 'medium';
    case 'rightsizing':
      return undoing ? 'medium' : 'low';
    case 'lending':
      return riskOfLending(plan.terms);
  }
}

const harmless: readonly PrivilegeClass[] = ['metadata-read', 'discovery'];

/** What else a permission set may hold is not bounded by what is said here: all of it only looks, or the risk is high. */
function riskOfLending({ actions, resources, permissionSet }: Extract<Terms, { kind: 'lending' }>): Risk {
  if (permissionSet) return permissionSet.classes?.every((each) => harmless.includes(each)) ? 'low' : 'high';
  const more = actions.map(privilegeClassOf).filter((each) => !harmless.includes(each));
  if (more.length === 0) return 'low';
  return more.every((each) => each === 'write') && !resources.includes('*') ? 'medium' : 'high';
}
