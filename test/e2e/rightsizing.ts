import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { dayAt, dayNumber, dayOf } from '../../core/time.ts';
import { advance, now } from './clock.ts';
import { dayBefore, keyOf, putFile } from './trail.ts';
import {
  members,
  messageWith,
  type Posted,
  press,
  putEvents,
  record,
  takeInventory,
  until,
  userIdentity,
  type World,
} from './world.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
/** No resource of this service has a policy of its own, so that all of it can be tried. */
const granted = ['RebootInstances', 'StartInstances', 'StopInstances', 'TerminateInstances'].map(
  (name) => `ec2:${name}`,
);
/** As nobody's serializer would write it: what comes back must be these very bytes. */
const text = (note: string) =>
  `{ "Version": "2012-10-17",\n  "Id": "${note}",\n  "Statement": [ {"Sid":"Own","Effect":"Allow",  "Action":${JSON.stringify(granted)},"Resource":"*"} ] }`;
const arn = `arn:aws:iam::${members.orders}:policy/worker-policy`;

/** IAM of the member account, and the functions of the hub. */
const handsOf = (world: () => World) => {
  const iam = () => world().member.iam;
  const attached = async (): Promise<string[]> => {
    const { AttachedPolicies = [] } = await iam().send(new ListAttachedRolePoliciesCommand({ RoleName: 'worker' }));
    return AttachedPolicies.map(({ PolicyName = '' }) => PolicyName).sort();
  };
  return {
    iam,
    makeRole: async (RoleName: string) => {
      const { Role } = await iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      return Role!.RoleId!;
    },
    managed: async () => {
      const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: arn }));
      const asked = { PolicyArn: arn, VersionId: Policy?.DefaultVersionId };
      const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand(asked));
      return decodeURIComponent(PolicyVersion!.Document!);
    },
    attached,
    inline: async () => {
      const asked = { RoleName: 'reporter', PolicyName: 'own' };
      return decodeURIComponent((await iam().send(new GetRolePolicyCommand(asked))).PolicyDocument!);
    },
    /** Looked at every minute here. */
    trialOver: async () => {
      await world().hub.lambda.send(new InvokeCommand({ FunctionName: 'leastwise-watch-trials' }));
      return (await attached()).join() === 'worker-policy';
    },
    covered: (days: readonly string[]) =>
      until('every hour to be covered', async () => {
        const { ledger } = world();
        const [from, to] = [[...days].sort()[0], [...days].sort().at(-1)];
        const rows = await ledger.coverage(members.orders as never, from as never, to as never);
        return rows.filter(({ hours }) => hours === 0xffffff).length === days.length;
      }),
  };
};

const ids = new Map<string, string>();

/** Every role uses its one action in every hour of the days. */
async function work(world: World, days: readonly string[]): Promise<void> {
  for (const day of days) {
    const hours = Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}:10:00Z`);
    const records = hours.flatMap((time) => [...ids.keys()].map((name) => call(name, 'RebootInstances', time)));
    await putFile(world, keyOf(day), records);
  }
}

const actionsIn = (document: string): string =>
  (JSON.parse(document) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(({ Action }) => Action)
    .sort()
    .join();

/** The newest message with all of this, once it has a button of this kind. */
const cardWith = (world: World, action: string, ...words: string[]): Promise<Posted> =>
  until(
    `a card with ${words.join(' and ')} and ${action}`,
    async () => {
      const message = await messageWith(world, words[0]!);
      const shown = JSON.stringify([message.text, message.blocks]);
      return [...words, `leastwise:${action}`].every((each) => shown.includes(each)) && message;
    },
    60,
  );

/** Opens the proposal for a role from the week's backlog. */
async function open(world: World, role: string): Promise<void> {
  const backlog = await messageWith(world, 'Permissions nobody uses', 60);
  const at = backlog.blocks.findIndex((block) => JSON.stringify(block).includes(`\`${role}\``));
  const message = { ...backlog, blocks: backlog.blocks.slice(at + 1, at + 2) };
  expect(await press(world, message, 'change:open', 'ada')).toMatch(/^Opened/);
}

/** Unused permissions of a role in a member account are tried without, and tried again without what was missed. */
export function rightsizing(world: () => World): void {
  describe('right-sizing', () => {
    const { iam, makeRole, managed, attached, trialOver, inline, covered } = handsOf(world);

    test('a role with five versions of its policy, and one with an inline policy, use a part of theirs', async () => {
      for (const name of ['worker', 'reporter']) ids.set(name, await makeRole(name));
      await iam().send(new CreatePolicyCommand({ PolicyName: 'worker-policy', PolicyDocument: text('1') }));
      for (const note of ['2', '3', '4', '5']) {
        const version = { PolicyArn: arn, PolicyDocument: text(note), SetAsDefault: true };
        await iam().send(new CreatePolicyVersionCommand(version));
      }
      await iam().send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: arn }));
      const own = { RoleName: 'reporter', PolicyName: 'own', PolicyDocument: text('inline') };
      await iam().send(new PutRolePolicyCommand(own));
      const days = [1, 2, 3, 4].map(dayBefore);
      await work(world(), days);
      await covered(days);
    });

    test('the inventory is taken with the role that only reads, and what comes of it stands in the week’s backlog', async () => {
      // The organization, and four accounts.
      expect(await takeInventory(world())).toEqual({ asked: 5 });
      // The other accounts have no trail, so nothing can be said about them.
      await world().hub.lambda.send(new InvokeCommand({ FunctionName: 'leastwise-propose-rightsizing' }));
      await until('both in the backlog', async () => {
        const shown = JSON.stringify((await messageWith(world(), 'Permissions nobody uses', 60)).blocks);
        return shown.includes('`worker`') && shown.includes('`reporter`');
      });
    });

    test('the inventory follows what changes identities, between two nights', async () => {
      const { hub, names } = world();
      const RoleId = await makeRole('newcomer');
      const requestParameters = { roleName: 'newcomer', assumeRolePolicyDocument: trust };
      const roleArn = `arn:aws:iam::${members.orders}:role/newcomer`;
      const role = {
        roleName: 'newcomer',
        path: '/',
        roleId: RoleId,
        arn: roleArn,
        createDate: 'Nov 1, 2026 1:00:00 AM',
      };
      const made = {
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateRole',
        requestParameters,
        responseElements: { role },
      };
      await putEvents(world(), [record({ ...made, userIdentity: userIdentity('admin') })]);
      const { read } = inventoryStore({ s3: hub.s3, name: names.inventory });
      await until('the new role in the inventory', async () =>
        (await read(members.orders))?.principals.some(({ name }) => name === 'newcomer'),
      );
    });

    test('opened and approved, one policy is attached that denies what is not used; the policy under it stays', async () => {
      await open(world(), 'worker');
      const card = await cardWith(world(), 'change:approve', 'Trial for worker');
      expect(await press(world(), card, 'change:approve', 'ada')).toMatch(/^Approved/);
      await until('the trial', async () => (await attached()).some((name) => name.startsWith('trial-worker-')), 60);
      expect(await managed()).toBe(text('5'));
      await cardWith(world(), 'change:undo', 'Trial for worker', 'Trial running');
    });

    test('a denial that is the trial’s ends it by itself, and it is proposed again without that', async () => {
      const time = now(world());
      await putFile(world(), keyOf(dayOf(time)), [
        call('worker', 'StopInstances', time, 'Client.UnauthorizedOperation'),
      ]);
      await until('the trial to go', trialOver, 90);
      expect(await managed()).toBe(text('5'));
      const told = await messageWith(world(), 'The trial is over', 60);
      expect(JSON.stringify(told.blocks)).toContain('it denied `ec2:StopInstances`');
      const again = await cardWith(world(), 'change:approve', 'missed in the trial', 'Trial for worker');
      expect(await press(world(), again, 'change:approve', 'ada')).toMatch(/^Approved/);
      await until('the second trial', async () => !(await trialOver()), 60);
    });

    test('a policy that changed meanwhile is left alone', async () => {
      await open(world(), 'reporter');
      const card = await cardWith(world(), 'change:approve', 'Trial for reporter');
      const changed = text('changed meanwhile');
      await iam().send(new PutRolePolicyCommand({ RoleName: 'reporter', PolicyName: 'own', PolicyDocument: changed }));
      await press(world(), card, 'change:approve', 'ada');
      const refused = await until('the refusal', async () => {
        const [change] = await world().state.changes.ofTarget(`arn:aws:iam::${members.orders}:role/reporter`);
        return change?.state === 'refused' && change;
      });
      expect(refused.refusal?.reason).toBe('base-changed');
      expect(await inline()).toBe(changed);
    });
  });
}

/** Days later: what the trial showed to be safe is taken away, and put back. The clock of the functions goes ahead. */
export function rightsizingAfterTrial(world: () => World): void {
  describe('right-sizing after a quiet trial', () => {
    const { iam, managed, attached, trialOver, covered } = handsOf(world);

    test('the smaller policy is proposed, applied and read back, although all versions were used; then the trial goes', async () => {
      const began = dayNumber(dayOf(now(world())));
      advance(world(), 3 * 86_400);
      const days = [0, 1, 2].map((later) => dayAt(began + later));
      await work(world(), days);
      await covered(days);
      await world().hub.lambda.send(new InvokeCommand({ FunctionName: 'leastwise-propose-rightsizing' }));
      const card = await cardWith(world(), 'change:approve', 'Right-size worker', 'which denied nothing that is used');
      expect(await press(world(), card, 'change:approve', 'ada')).toMatch(/^Approved/);
      const left = 'ec2:RebootInstances,ec2:StopInstances';
      await until('the smaller policy', async () => actionsIn(await managed()) === left, 60);
      const { Versions = [] } = await iam().send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
      expect(Versions).toHaveLength(5);
      await until('the trial to go', trialOver, 90);
    });

    test('rolled back, the policy is what it was, byte for byte', async () => {
      const applied = await cardWith(world(), 'change:undo', 'Right-size worker');
      await press(world(), applied, 'change:undo', 'ada');
      const asked = await cardWith(world(), 'change:approve', 'Right-size worker', 'Approve the undo');
      await press(world(), asked, 'change:approve', 'bruno');
      await until('the old policy', async () => (await managed()) === text('5'), 60);
      expect(await attached()).toEqual(['worker-policy']);
    });
  });
}

/** A role's session calls EC2. */
const call = (name: string, eventName: string, eventTime: string, errorCode?: string) =>
  record({
    eventTime,
    eventSource: 'ec2.amazonaws.com',
    eventName,
    requestParameters: { instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0' }] } },
    ...(errorCode ? { errorCode, errorMessage: 'You are not authorized to perform this operation.' } : {}),
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${ids.get(name)}:session`,
      arn: `arn:aws:sts::${members.orders}:assumed-role/${name}/session`,
      accountId: members.orders,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: ids.get(name),
          arn: `arn:aws:iam::${members.orders}:role/${name}`,
          accountId: members.orders,
          userName: name,
        },
      },
    },
  });
