import { member } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** What an instance runs as root at its next start was replaced. */
export const instanceUserData: SignalRule = {
  kind: 'instance-user-data',
  names: ['ModifyInstanceAttribute'],
  matches: ({ requestParameters }) =>
    member(requestParameters, 'userData') !== undefined || member(requestParameters, 'attribute') === 'userData',
};
