import { memoryIam } from '../../../adapters/memory/iam.ts';
import { instantAt } from '../../../core/time.ts';
import { type IamWorld, iamSlotsContract, spaced } from '../../contracts/iam-slots.ts';

const account = '111122223333';
const iamArn = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const holder = { inline: [], attached: [] };
const principal = { ...holder, createdAt: null, tags: {}, trust: null, boundary: null, groups: [] };

function open() {
  const iam = memoryIam();
  iam.load({
    v: 1,
    account,
    takenAt: instantAt(0),
    principals: [
      { ...principal, type: 'user', id: 'AIDAANN', arn: iamArn('user/ann'), name: 'ann', path: '/' },
      { ...principal, type: 'role', id: 'AROADEPLOY', arn: iamArn('role/ci/deploy'), name: 'deploy', path: '/ci/' },
    ],
    groups: [{ ...holder, name: 'team', arn: iamArn('group/team') }],
    managed: new Map([[iamArn('policy/own'), { name: 'own', arn: iamArn('policy/own'), text: spaced(0) }]]),
  });
  iam.putAccessKey(account, 'ann', { id: 'AKIAEXAMPLE000000001', status: 'Active' });
  return iam;
}

const world = async (): Promise<IamWorld> => ({
  slots: open(),
  account,
  user: iamArn('user/ann'),
  key: 'AKIAEXAMPLE000000001',
  role: iamArn('role/ci/deploy'),
  group: iamArn('group/team'),
  policy: iamArn('policy/own'),
});

describe('IAM in memory', () => {
  iamSlotsContract(world);

  test('a throttle is thrown as often as told and never read as absence', async () => {
    const iam = open();
    const slot = { type: 'inline-policy', account, principal: iamArn('user/ann'), name: 'x' } as const;
    iam.throttleNext(2);
    await expect(iam.read(slot)).rejects.toMatchObject({ name: 'Throttling' });
    await expect(iam.write(slot, spaced(1), { change: 'change-1' })).rejects.toMatchObject({ name: 'Throttling' });
    expect(await iam.read(slot)).toBeNull();
  });

  test('the oldest version that is not the default makes room for a sixth', async () => {
    const iam = open();
    const slot = { type: 'managed-policy', account, policy: iamArn('policy/own') } as const;
    for (const n of [1, 2, 3, 4, 0, 5]) await iam.write(slot, spaced(n), { change: 'change-1' });
    const [policy] = iam.authorizationDetails(account).Policies as { PolicyVersionList: { VersionId: string }[] }[];
    expect(policy?.PolicyVersionList.map(({ VersionId }) => VersionId)).toEqual(['v1', 'v3', 'v4', 'v5', 'v6']);
  });

  test('what is attached stays in the order it was loaded in, whatever went and came back between', async () => {
    const iam = memoryIam();
    const [first, second] = [iamArn('policy/b'), iamArn('policy/a')];
    const text = spaced(0);
    const loaded = {
      v: 1 as const,
      account,
      takenAt: instantAt(0),
      principals: [],
      groups: [{ ...holder, name: 'team', arn: iamArn('group/team'), attached: [first, second] }],
      managed: new Map([first, second].map((arn) => [arn, { name: arn.slice(-1), arn, text }])),
    };
    iam.load(loaded);
    const slot = { type: 'attachment', account, principal: iamArn('group/team'), policy: first } as const;
    for (const value of [null, 'attached']) await iam.write(slot, value, { change: 'change-1' });
    expect((await iam.scan(account, loaded.takenAt)).inventory).toEqual(loaded);
    const [group] = iam.authorizationDetails(account).GroupDetailList as { AttachedManagedPolicies: unknown }[];
    expect(group?.AttachedManagedPolicies).toMatchObject([{ PolicyArn: first }, { PolicyArn: second }]);
  });

  test('a policy that hangs on somebody is not deleted, and an eleventh is not attached', async () => {
    const iam = open();
    const context = { change: 'change-1' };
    const policy = (n: number) => iamArn(`policy/leastwise/made-${n}`);
    const made = (n: number) => ({ type: 'managed-policy', account, policy: policy(n) }) as const;
    const hung = (n: number) =>
      ({ type: 'attachment', account, principal: iamArn('user/ann'), policy: policy(n) }) as const;
    for (let n = 0; n <= 10; n += 1) await iam.write(made(n), spaced(n), context);
    for (let n = 0; n < 10; n += 1) await iam.write(hung(n), 'attached', context);
    await expect(iam.write(made(0), null, context)).rejects.toMatchObject({ name: 'DeleteConflict' });
    await expect(iam.write(hung(10), 'attached', context)).rejects.toMatchObject({ name: 'LimitExceeded' });
  });

  test('an unknown account is a fault, not an empty one', async () => {
    await expect(
      open().read({ type: 'managed-policy', account: '999999999999', policy: iamArn('policy/own') }),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('what is written shows in the next scan, and loading a scan changes nothing', async () => {
    const iam = open();
    await iam.write({ type: 'inline-policy', account, principal: iamArn('role/ci/deploy'), name: 'x' }, spaced(3), {
      change: 'change-1',
    });
    const { inventory } = await iam.scan(account, instantAt(9));
    expect(inventory.principals[1]?.inline).toEqual([{ name: 'x', arn: null, text: spaced(3) }]);
    iam.load(inventory);
    expect((await iam.scan(account, instantAt(9))).inventory).toEqual(inventory);
    expect(await iam.accessKeys(account, 'ann')).toHaveLength(1);
  });
});
