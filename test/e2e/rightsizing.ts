import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { dayBefore, keyOf, putFile } from './trail.ts';
import { members, messageWith, press, putEvents, record, until, userIdentity, type World } from './world.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const granted = ['CreateSecret', 'DeleteSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecret'].map(
  (name) => `secretsmanager:${name}`,
);
/** As nobody's serializer would write it: what comes back must be these very bytes. */
const text = (note: string, actions: readonly string[] = granted) =>
  `{ "Version": "2012-10-17",\n  "Id": "${note}",\n  "Statement": [ {"Sid":"Own","Effect":"Allow",  "Action":${JSON.stringify(actions)},"Resource":"*"} ] }`;

/** Unused permissions are taken out of a role in a member account, and put back byte for byte. */
export function rightsizing(world: () => World): void {
  describe('right-sizing', () => {
    const iam = () => world().member.iam;
    const arn = `arn:aws:iam::${members.orders}:policy/worker-policy`;

    const makeRole = async (RoleName: string) => {
      const { Role } = await iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      return Role!.RoleId!;
    };
    const managed = async () => {
      const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: arn }));
      const asked = { PolicyArn: arn, VersionId: Policy?.DefaultVersionId };
      const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand(asked));
      return decodeURIComponent(PolicyVersion!.Document!);
    };
    const inline = async () => {
      const asked = { RoleName: 'reporter', PolicyName: 'own' };
      return decodeURIComponent((await iam().send(new GetRolePolicyCommand(asked))).PolicyDocument!);
    };
    const invoke = async (name: string) => {
      const { FunctionError, Payload } = await world().hub.lambda.send(
        new InvokeCommand({ FunctionName: `leastwise-${name}` }),
      );
      return { fault: FunctionError, answer: Buffer.from(Payload ?? []).toString() };
    };
    const actionsIn = (document: string): string[] =>
      (JSON.parse(document) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
        ({ Action }) => Action,
      );

    test('a role with five versions of its policy, and one with an inline policy, use a part of theirs', async () => {
      const ids = { worker: await makeRole('worker'), reporter: await makeRole('reporter') };
      await iam().send(new CreatePolicyCommand({ PolicyName: 'worker-policy', PolicyDocument: text('1') }));
      for (const note of ['2', '3', '4', '5']) {
        const version = { PolicyArn: arn, PolicyDocument: text(note), SetAsDefault: true };
        await iam().send(new CreatePolicyVersionCommand(version));
      }
      await iam().send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: arn }));
      await iam().send(
        new PutRolePolicyCommand({ RoleName: 'reporter', PolicyName: 'own', PolicyDocument: text('inline') }),
      );
      for (const day of [1, 2, 3, 4].map(dayBefore)) {
        const hours = Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}:10:00Z`);
        const records = hours.flatMap((time) => Object.entries(ids).map(([name, id]) => use(name, id, time)));
        await putFile(world(), keyOf(day), records);
      }
      const { ledger } = world();
      await until('every hour to be covered', async () => {
        const rows = await ledger.coverage(members.orders as never, dayBefore(4) as never, dayBefore(1) as never);
        return rows.filter(({ hours }) => hours === 0xffffff).length === 4;
      });
    });

    test('the inventory is taken with the role that only reads, and proposals come from it', async () => {
      const { fault, answer } = await invoke('take-inventory');
      expect(fault).toBeUndefined();
      expect(JSON.parse(answer)).toMatchObject({ accounts: 3 });
      // The other accounts have no trail, so nothing can be said about them.
      await invoke('propose-rightsizing');
      await messageWith(world(), 'reporter', 60);
      await messageWith(world(), 'worker', 60);
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

    test('approved, it is applied and read back in the member account, although all versions were used', async () => {
      expect(await press(world(), await messageWith(world(), 'worker'), 'change:approve', 'ada')).toMatch(/^Approved/);
      await until(
        'the smaller policy',
        async () => actionsIn(await managed()).join() === 'secretsmanager:GetSecretValue',
        60,
      );
      const { Versions = [] } = await iam().send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
      expect(Versions).toHaveLength(5);
    });

    test('rolled back, the policy is what it was, byte for byte', async () => {
      const applied = await until('the button that rolls back', async () => {
        const message = await messageWith(world(), 'worker');
        return JSON.stringify(message.blocks).includes('change:undo') && message;
      });
      await press(world(), applied, 'change:undo', 'ada');
      const asked = await until('the question', async () => {
        const message = await messageWith(world(), 'worker');
        return JSON.stringify(message.blocks).includes('change:approve') && message;
      });
      await press(world(), asked, 'change:approve', 'bruno');
      await until('the old policy', async () => (await managed()) === text('5'), 60);
    });

    test('a policy that changed meanwhile is left alone', async () => {
      const message = await messageWith(world(), 'reporter');
      const changed = text('changed meanwhile');
      await iam().send(new PutRolePolicyCommand({ RoleName: 'reporter', PolicyName: 'own', PolicyDocument: changed }));
      await press(world(), message, 'change:approve', 'ada');
      const refused = await until('the refusal', async () => {
        const [change] = await world().state.changes.ofTarget(`arn:aws:iam::${members.orders}:role/reporter`);
        return change?.state === 'refused' && change;
      });
      expect(refused.refusal?.reason).toBe('base-changed');
      expect(await inline()).toBe(changed);
    });
  });
}

/** A role's session reads a secret. */
const use = (name: string, id: string, eventTime: string) =>
  record({
    eventTime,
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    readOnly: true,
    requestParameters: { secretId: 'orders/token' },
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${id}:session`,
      arn: `arn:aws:sts::${members.orders}:assumed-role/${name}/session`,
      accountId: members.orders,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: id,
          arn: `arn:aws:iam::${members.orders}:role/${name}`,
          accountId: members.orders,
          userName: name,
        },
      },
    },
  });
