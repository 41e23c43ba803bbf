import type { ChangeRefusal } from './change.ts';

/** Why a change was not made, in one sentence for people. */
export const changeRefusalWords: Readonly<Record<ChangeRefusal, string>> = {
  'applying-is-off': 'Applying is switched off for this account, so nothing was changed.',
  'kill-switch': 'The kill switch is on: nothing but revocations is carried out.',
  'base-changed': 'The policy is no longer the one that was reviewed, so nothing was changed.',
  'not-verified': 'Reading back did not show what was written, so everything was put back.',
  'iam-refused': 'IAM does not take it, so everything was put back.',
  lapsed: 'The approval came too late or grew too old, so nothing was changed.',
  'digest-mismatch': 'The plan is not the one that was approved, so nothing was changed.',
  'signature-invalid': "The approval's signature does not hold, so nothing was changed.",
  'no-longer-approved': 'By the rules of today the approvals no longer suffice, so nothing was changed.',
  'terms-refused': 'The terms go beyond what the configuration allows, so nothing was changed.',
  'not-yet-decidable': 'Whether this is safe cannot be decided yet, so nothing was changed.',
  drifted: 'Somebody changed it since it was applied, so it was left as it is.',
  'owned-by-source': 'What made it would undo the change: take it over there. Nothing was changed.',
  'target-excluded': 'The configuration puts this identity out of reach, so nothing was changed.',
};
