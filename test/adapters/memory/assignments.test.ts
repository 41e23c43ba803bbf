import { memoryIam } from '../../../adapters/memory/iam.ts';
import { instantAt } from '../../../core/time.ts';
import { assignmentSlotsContract } from '../../contracts/assignment-slots.ts';

describe('assignments in memory', () => {
  assignmentSlotsContract(async () => {
    const iam = memoryIam();
    for (const account of ['222222222222', '333333333333'])
      iam.load({ v: 1, account, takenAt: instantAt(0), principals: [], groups: [], managed: new Map() });
    const instance = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';
    const permissionSet = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
    return {
      slots: iam,
      slot: { type: 'account-assignment', account: '222222222222', instance, permissionSet, user: 'u-ada' },
    };
  });
});
