import { textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** A console password was set for somebody else, who can then sign in as a person. */
export const loginProfile: SignalRule = {
  kind: 'login-profile',
  names: ['CreateLoginProfile', 'UpdateLoginProfile'],
  matches: ({ caller, requestParameters }) => !isOneself(caller.arn, textOf(requestParameters, 'userName')),
};

/** IAM leaves the user name out where callers mean themselves. */
export const isOneself = (arn: string | null, user: string | undefined): boolean =>
  user === undefined || arn?.endsWith(`/${user}`) === true;
