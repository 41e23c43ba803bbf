import type { AccountName } from './accounts.ts';
import type { Grant } from './people.ts';

/** Something that calls AWS without a person: by far the most of every trail. */
export interface Workload extends Grant {
  account: AccountName;
  name: string;
  /** `user` has a long-lived access key; everything else runs as a role that a service assumes. */
  runs: 'task' | 'function' | 'instance' | 'user';
  agent: 'sdk-java' | 'sdk-go' | 'sdk-python' | 'sdk-js';
  /** Events a day in the large profile. */
  perDay: number;
  when: 'always' | 'business' | 'night';
  region: string;
  /** How the policy holds its actions. */
  style: 'exact' | 'two-policies' | 'wildcard' | 'conditional';
}

export const describe = (account: AccountName, name: string, rest: Omit<Workload, 'account' | 'name'>): Workload => ({
  account,
  name,
  ...rest,
});

export const usual = { when: 'always', region: 'eu-central-1', style: 'exact' } as const;
