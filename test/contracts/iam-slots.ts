import type { Slot } from '../../core/changes/change.ts';
import { leaseRolePolicy, leaseRoleText } from '../../core/leases/role.ts';
import { IamRefused, type IamSlots } from '../../usecases/ports/iam.ts';

/** What every implementation is given: these entities, freshly made. */
export interface IamWorld {
  slots: IamSlots;
  account: string;
  /** ARN of a user with one active access key and no policies. */
  user: string;
  key: string;
  /** ARN of a role below a path. */
  role: string;
  /** ARN of a group. */
  group: string;
  /** ARN of a managed policy whose only version is `spaced(0)`. */
  policy: string;
}

/** A policy text that no two printers would write alike: only byte-for-byte storage gives it back. */
export const spaced = (n: number): string =>
  `{ "Version":"2012-10-17",\n  "Statement" : [{"Sid":"N${n}","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b%2Fx/${n}+ä?*"}] }`;

/** The laws of the IamSlots port, for every implementation. */
export function iamSlotsContract(open: () => Promise<IamWorld>): void {
  const context = { change: 'change-1' };
  let world: IamWorld;
  const inline = (principal: string, name = 'leastwise-test'): Slot => ({
    type: 'inline-policy',
    account: world.account,
    principal,
    name,
  });
  const managed = (): Slot => ({ type: 'managed-policy', account: world.account, policy: world.policy });

  beforeEach(async () => {
    world = await open();
  });

  test.each(['user', 'role', 'group'] as const)(
    'an inline policy of a %s is absent, then held byte for byte, then absent',
    async (holder) => {
      const slot = inline(world[holder]);
      expect(await world.slots.read(slot)).toBeNull();
      await world.slots.write(slot, spaced(1), context);
      expect(await world.slots.read(slot)).toBe(spaced(1));
      await world.slots.write(slot, spaced(2), context);
      await world.slots.write(slot, spaced(2), context);
      expect(await world.slots.read(slot)).toBe(spaced(2));
      await world.slots.write(slot, null, context);
      await world.slots.write(slot, null, context);
      expect(await world.slots.read(slot)).toBeNull();
    },
  );

  test('a policy on a principal that is gone is absent, can be removed again, and cannot be written', async () => {
    const slot = inline(world.role.replace(/[^/]+$/, 'nobody'));
    expect(await world.slots.read(slot)).toBeNull();
    await world.slots.write(slot, null, context);
    await expect(world.slots.write(slot, spaced(1), context)).rejects.toMatchObject({
      name: expect.stringMatching(/^NoSuchEntity/),
    });
  });

  test('a role for a lease is absent, then there with its boundary, then absent, whatever half of it was there', async () => {
    const role = `arn:aws:iam::${world.account}:role/leastwise/lease-${world.role.slice(-6)}`;
    const slot: Slot = { type: 'lease-role', account: world.account, role };
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: world.user }, Action: 'sts:AssumeRole' }],
    });
    const text = leaseRoleText({ boundary: world.policy, policy: spaced(1), trust });
    expect(await world.slots.read(slot)).toBeNull();
    await world.slots.write(slot, text, context);
    expect(await world.slots.read(slot)).toBe(text);
    await world.slots.write(slot, text, context);
    const half = { type: 'inline-policy' as const, account: world.account, principal: role, name: leaseRolePolicy };
    await world.slots.write(half, null, context);
    expect(await world.slots.read(slot)).toBe(leaseRoleText({ boundary: world.policy, policy: '', trust }));
    await world.slots.write(slot, text, context);
    expect(await world.slots.read(slot)).toBe(text);
    await world.slots.write(slot, null, context);
    await world.slots.write(slot, null, context);
    expect(await world.slots.read(slot)).toBeNull();
    const elsewhere: Slot = { ...slot, role: world.role };
    await expect(world.slots.write(elsewhere, null, context)).rejects.toThrow('is no role for a lease');
    await expect(world.slots.write(slot, '{}', context)).rejects.toThrow('describes no role');
  });

  test('a text that is no policy is refused and the slot keeps what it held', async () => {
    const slot = inline(world.role);
    await world.slots.write(slot, spaced(1), context);
    await expect(world.slots.write(slot, '{"Version":', context)).rejects.toMatchObject({
      name: expect.stringMatching(/^MalformedPolicyDocument/),
    });
    expect(await world.slots.read(slot)).toBe(spaced(1));
  });

  test('an access key is switched off and on, and never removed', async () => {
    const slot: Slot = { type: 'access-key', account: world.account, user: world.user, key: world.key };
    expect(await world.slots.read(slot)).toBe('Active');
    await world.slots.write(slot, 'Inactive', context);
    expect(await world.slots.read(slot)).toBe('Inactive');
    expect(await world.slots.accessKeys(world.account, world.user)).toEqual([{ id: world.key, status: 'Inactive' }]);
    await world.slots.write(slot, 'Active', context);
    await world.slots.write(slot, 'Active', context);
    expect(await world.slots.read(slot)).toBe('Active');
    await expect(world.slots.write(slot, null, context)).rejects.toThrow('not removed');
  });

  test('an access key that does not exist is absent and cannot be switched', async () => {
    const slot: Slot = { type: 'access-key', account: world.account, user: world.user, key: 'AKIA0000000000000000' };
    expect(await world.slots.read(slot)).toBeNull();
    await expect(world.slots.write(slot, 'Inactive', context)).rejects.toMatchObject({
      name: expect.stringMatching(/^NoSuchEntity/),
    });
  });

  test('a managed policy goes back to the version that holds the text, and makes room for a sixth', async () => {
    const slot = managed();
    expect(await world.slots.read(slot)).toBe(spaced(0));
    for (const n of [1, 2, 3, 4]) await world.slots.write(slot, spaced(n), context);
    await world.slots.write(slot, spaced(0), context);
    expect(await world.slots.read(slot)).toBe(spaced(0));
    // Five versions and the oldest is the default: the oldest other one, spaced(1), must give way.
    await world.slots.write(slot, spaced(5), context);
    expect(await world.slots.read(slot)).toBe(spaced(5));
    for (const n of [0, 2, 3, 4, 5]) {
      await world.slots.write(slot, spaced(n), context);
      expect(await world.slots.read(slot)).toBe(spaced(n));
    }
  }, 30_000);

  test.each(['user', 'role', 'group'] as const)(
    'a policy of ours is made under its path, attached to a %s, taken off and deleted, each as often as one likes',
    async (holder) => {
      const policy = world.policy.replace(/policy\/.*$/, `policy/leastwise/made-${holder}`);
      const made: Slot = { type: 'managed-policy', account: world.account, policy };
      const hung: Slot = { type: 'attachment', account: world.account, principal: world[holder], policy };
      expect(await world.slots.read(made)).toBeNull();
      expect(await world.slots.read(hung)).toBeNull();
      await world.slots.write(made, null, context);
      await expect(world.slots.write(hung, 'attached', context)).rejects.toThrow(IamRefused);
      for (const n of [1, 1, 2]) await world.slots.write(made, spaced(n), context);
      expect(await world.slots.read(made)).toBe(spaced(2));
      for (const _ of [1, 2]) await world.slots.write(hung, 'attached', context);
      expect(await world.slots.read(hung)).toBe('attached');
      for (const _ of [1, 2]) await world.slots.write(hung, null, context);
      expect(await world.slots.read(hung)).toBeNull();
      for (const _ of [1, 2]) await world.slots.write(made, null, context);
      expect(await world.slots.read(made)).toBeNull();
    },
    30_000,
  );

  test('what a principal that is gone had attached is absent, and nothing can be attached to it', async () => {
    const principal = world.role.replace(/[^/]+$/, 'nobody');
    const hung: Slot = { type: 'attachment', account: world.account, principal, policy: world.policy };
    expect(await world.slots.read(hung)).toBeNull();
    await world.slots.write(hung, null, context);
    await expect(world.slots.write(hung, 'attached', context)).rejects.toThrow(IamRefused);
    await expect(world.slots.write(hung, 'loosely', context)).rejects.toThrow('attached or it is not');
  });

  test('a managed policy is never removed, and one that does not exist is absent', async () => {
    await expect(world.slots.write(managed(), null, context)).rejects.toThrow('cannot be removed');
    const missing: Slot = { type: 'managed-policy', account: world.account, policy: `${world.policy}-missing` };
    expect(await world.slots.read(missing)).toBeNull();
    await expect(world.slots.write(missing, spaced(1), context)).rejects.toMatchObject({
      name: expect.stringMatching(/^NoSuchEntity/),
    });
  });
}
