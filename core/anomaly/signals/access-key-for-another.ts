import { isOneself } from './login-profile.ts';
import { textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** A long-term key was made for another user: whoever holds it acts under that name from now on. */
export const accessKeyForAnother: SignalRule = {
  kind: 'access-key-for-another',
  names: ['CreateAccessKey'],
  matches: ({ caller, requestParameters }) => !isOneself(caller.arn, textOf(requestParameters, 'userName')),
};
