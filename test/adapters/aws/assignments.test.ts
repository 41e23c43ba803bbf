import { CreatePermissionSetCommand, ListInstancesCommand } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import { withAssignments } from '../../../adapters/aws/assignment-slots.ts';
import { iamClientFor } from '../../../adapters/aws/iam-client.ts';
import { iamSlots } from '../../../adapters/aws/iam-slots.ts';
import { memberRole } from '../../../adapters/aws/member-role.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { ssoClientFor } from '../../../adapters/aws/sso-client.ts';
import { assigned } from '../../../core/leases/assignment.ts';
import { assignmentSlotsContract } from '../../contracts/assignment-slots.ts';
import { type Emulator, onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

const administrator = '444444444444';
let sets = 0;

/** Everything through sessions assumed where Identity Center is administered, as in AWS. */
async function open(emulator: Emulator, SessionDuration = 'PT1H') {
  sets += 1;
  const { endpoint, region } = towards(emulator);
  const assume = memberRole({ sts: recorded(new STSClient(towards(emulator))), role: 'leastwise-assign' });
  const clientFor = ssoClientFor(assume, { endpoint });
  const sso = clientFor({ account: administrator, source: 'seed', policy: null }, region);
  const { Instances } = await sso.send(new ListInstancesCommand({}));
  const { InstanceArn: instance = '' } = Instances![0]!;
  const made = await sso.send(
    new CreatePermissionSetCommand({ InstanceArn: instance, Name: `Repair${sets}`, SessionDuration }),
  );
  const permissionSet = made.PermissionSet!.PermissionSetArn!;
  const slots = withAssignments(iamSlots(iamClientFor(assume, { endpoint, region })), {
    center: () => ({ instance, administrator, region, permissionSets: [permissionSet] }),
    clientFor,
  });
  const user = '00000000-0000-4000-8000-0000000000ad';
  return {
    slots,
    slot: { type: 'account-assignment' as const, account: '222222222222', instance, permissionSet, user },
  };
}

onMoto('assignments of Identity Center on moto', (emulator) => {
  assignmentSlotsContract(() => open(emulator()));

  test('a set whose sessions last longer than an hour by now is not assigned', async () => {
    const { slots, slot } = await open(emulator(), 'PT1H1S');
    await expect(slots.write(slot, assigned, { change: 'change-1' })).rejects.toThrow('more than an hour');
    expect(await slots.read(slot)).toBeNull();
  });
});
