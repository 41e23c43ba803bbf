import type { ChangeKind } from '../core/changes/change.ts';

/** The roles in every member account, and the one execution role that each trusts (ADR-0013). */
export const memberRoles: Readonly<Record<ChangeKind, { name: string; executedBy: string }>> = {
  quarantine: { name: 'leastwise-restrict', executedBy: 'leastwise-execute-restrict' },
  rightsizing: { name: 'leastwise-apply', executedBy: 'leastwise-execute-apply' },
  lending: { name: 'leastwise-lend', executedBy: 'leastwise-execute-lend' },
};

/** Reads an account's identities and policies; changes nothing. What decides must see the state that it decides about. */
export const scanRole = {
  name: 'leastwise-scan',
  executedBy: [
    'leastwise-take-inventory',
    'leastwise-refresh-inventory',
    'leastwise-handle-slack',
    'leastwise-verify-leases',
  ],
};

/** The managed policy that bounds every role that is made for a lease. */
export const lendingBoundary = 'leastwise-lending-boundary';
