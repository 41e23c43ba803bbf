import type { AssignmentSlot } from '../../core/changes/change.ts';
import { assigned } from '../../core/leases/assignment.ts';
import type { IamSlots } from '../../usecases/ports/iam.ts';

/** What every implementation is given: an instance with a permission set whose sessions last an hour. */
export interface AssignmentWorld {
  slots: IamSlots;
  slot: AssignmentSlot;
}

/** The laws of assignments behind the IamSlots port, for every implementation. */
export function assignmentSlotsContract(open: () => Promise<AssignmentWorld>): void {
  const context = { change: 'change-1' };

  test('a permission set is absent, then assigned, then absent, each as often as one likes', async () => {
    const { slots, slot } = await open();
    expect(await slots.read(slot)).toBeNull();
    for (const _ of [1, 2]) await slots.write(slot, assigned, context);
    expect(await slots.read(slot)).toBe(assigned);
    for (const _ of [1, 2]) {
      await slots.write(slot, null, context);
      expect(await slots.read(slot)).toBeNull();
    }
  });

  test('another user, account or set is another assignment', async () => {
    const { slots, slot } = await open();
    await slots.write(slot, assigned, context);
    const others: AssignmentSlot[] = [
      { ...slot, user: '00000000-0000-4000-8000-00000000beef' },
      { ...slot, account: '333333333333' },
      { ...slot, permissionSet: `${slot.permissionSet.slice(0, -1)}0` },
    ];
    for (const other of others) expect(await slots.read(other)).toBeNull();
    await slots.write({ ...slot, user: others[0]!.user }, assigned, context);
    await slots.write(slot, null, context);
    expect(await slots.read({ ...slot, user: others[0]!.user })).toBe(assigned);
    await slots.write({ ...slot, user: others[0]!.user }, null, context);
  });
}
