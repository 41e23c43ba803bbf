import { type LendingTerms, termsRefusal } from '../changes/lending.ts';

/** What somebody fills into the form. */
export interface LoanForm {
  actions: readonly string[];
  resources: readonly string[];
  /** Seconds. */
  duration: number;
  reason: string;
}

export type FormField = keyof LoanForm;

/** A form against which one field at a time is judged. */
const faultless: LendingTerms = {
  kind: 'lending',
  actions: ['s3:GetObject'],
  resources: ['*'],
  duration: 3600,
  reason: 'judged',
};

/**
 * What is wrong with a form as far as that can be told without asking anybody, by field, in a sentence each: exactly
 * what a request with these terms would be refused for.
 */
export function faultsIn(form: LoanForm, { maxHours }: { maxHours: number }): Partial<Record<FormField, string>> {
  const faults: Partial<Record<FormField, string>> = {};
  for (const field of ['actions', 'resources', 'duration', 'reason'] as const) {
    const limits = { maxHours: field === 'duration' ? maxHours : 1 };
    const refusal = termsRefusal({ ...faultless, [field]: form[field] }, limits);
    if (refusal !== undefined) faults[field] = refusal.detail;
  }
  return faults;
}

/** Whether an action may be lent at all, whoever asks. */
export const isLendableAction = (action: string): boolean =>
  termsRefusal({ ...faultless, actions: [action] }, { maxHours: 1 }) === undefined;
