import { editsAt } from '../../../core/changes/moments.ts';
import { planQuarantine, type Suspicion } from '../../../core/changes/quarantine.ts';
import type { ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import { instantAt } from '../../../core/time.ts';
import type { LineageChild, LineageEdge } from '../../../core/usage/lineage.ts';

const account = '111122223333';
const user = `arn:aws:iam::${account}:user/team/builder`;
const role = `arn:aws:iam::${account}:role/worker`;
const at = instantAt(1_750_000_000);
const edge = (kind: LineageEdge['kind'], arn: string, accessKeyId: string | null = 'AKIAPARENT'): LineageEdge => ({
  child: 'AROAWORKER' as LineageChild,
  kind,
  parent: { principal: 'AIDAPARENT' as PrincipalId, arn, actor: arn as ActorId, accessKeyId, account: null },
  first: { time: at, eventID: 'e' },
  last: at,
});
const suspicion: Suspicion = {
  case: 'c1',
  actor: user as ActorId,
  target: user,
  keys: [
    { id: 'AKIA1', status: 'Active' },
    { id: 'AKIA2', status: 'Inactive' },
  ],
  policy: null,
  parents: [],
  parentKeys: new Map(),
  others: [],
};
const plan = (change: Partial<Suspicion> = {}, breakGlass: string[] = []) => {
  const made = planQuarantine({ ...suspicion, ...change }, breakGlass);
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
};

test('a user loses every active key and everything it may do', () => {
  const { edits } = plan();
  expect(edits).toHaveLength(2);
  expect(edits[0]).toEqual({
    slot: { type: 'access-key', account, user, key: 'AKIA1' },
    before: 'Active',
    after: 'Inactive',
  });
  expect(edits[1]?.slot).toMatchObject({ principal: user, name: 'leastwise-quarantine' });
  expect(JSON.parse(edits[1]?.after ?? '').Statement).toEqual([
    { Sid: 'LeastwiseQuarantine', Effect: 'Deny', Action: '*', Resource: '*' },
  ]);
});

test('a role loses the sessions issued until a minute after the approval', () => {
  const [edit] = editsAt(plan({ target: role, keys: [] }), at);
  expect(JSON.parse(edit?.after ?? '').Statement[0]).toMatchObject({
    Effect: 'Deny',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': '2025-06-15T15:07:40Z' } },
  });
});

test('the key of the user who assumed the role goes with it', () => {
  const parent = `arn:aws:iam::${account}:user/attacker`;
  const parentKeys = new Map([
    [
      parent,
      [
        { id: 'AKIAPARENT', status: 'Active' as const },
        { id: 'AKIAOTHER', status: 'Active' as const },
      ],
    ],
  ]);
  const { edits, terms } = plan({ target: role, keys: [], parents: [edge('assumed-role', parent)], parentKeys });
  expect(edits.map(({ slot }) => slot)).toContainEqual({
    type: 'access-key',
    account,
    user: parent,
    key: 'AKIAPARENT',
  });
  expect(edits).toHaveLength(2);
  expect(terms).toMatchObject({ alsoHit: [`access key AKIAPARENT of ${parent}`] });
});

test.each([
  ['in another account', 'arn:aws:iam::999900001111:user/far'],
  ['a role', `arn:aws:iam::${account}:role/ci`],
  ['for emergencies', `arn:aws:iam::${account}:user/emergency`],
  ['with a key that is gone', `arn:aws:iam::${account}:user/gone`],
])('a parent %s is named and not cut', (_title, arn) => {
  const made = plan({ target: role, keys: [], parents: [edge('assumed-role', arn)] }, [
    `arn:aws:iam::${account}:user/emergency`,
  ]);
  expect(made.edits).toHaveLength(1);
  expect(made.terms).toMatchObject({ alsoHit: [`assumed by ${arn}`] });
});

test('whoever created the key and whoever else is hit is named', () => {
  const creator = `arn:aws:iam::${account}:role/admin`;
  const { terms } = plan({ parents: [edge('created-access-key', creator)], others: ['federated:x/ben' as ActorId] });
  expect(terms).toMatchObject({ alsoHit: ['federated:x/ben', `key created by ${creator}`] });
});

test('a Deny of ours that is there already is kept as what stood before', () => {
  const [, edit] = plan({ policy: '{"old":1}' }).edits;
  expect(edit).toMatchObject({ before: '{"old":1}' });
});

test.each([
  ['root', `arn:aws:iam::${account}:root`, 'not-yet-decidable'],
  ['a federated session', 'federated:x/y', 'not-yet-decidable'],
  ['a service', 'service:lambda.amazonaws.com', 'not-yet-decidable'],
  [
    'Identity Center',
    `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_1`,
    'not-yet-decidable',
  ],
  ['a service-linked role', `arn:aws:iam::${account}:role/aws-service-role/x.amazonaws.com/Y`, 'target-excluded'],
  ['Identity Center without its path', `arn:aws:iam::${account}:role/AWSReservedSSO_Admin_1`, 'not-yet-decidable'],
  ['a service-linked role without its path', `arn:aws:iam::${account}:role/AWSServiceRoleForX`, 'target-excluded'],
  ['our own role', `arn:aws:iam::${account}:role/leastwise/restrict`, 'target-excluded'],
  ['our member role', `arn:aws:iam::${account}:role/leastwise-restrict`, 'target-excluded'],
  ['break-glass', `arn:aws:iam::${account}:role/emergency`, 'target-excluded'],
])('%s is refused in words', (_title, target, reason) => {
  const made = planQuarantine({ ...suspicion, target }, [`arn:aws:iam::${account}:role/emergency`]);
  expect(made).toMatchObject({ ok: false, error: { reason } });
  if (!made.ok) expect(made.error.detail).toMatch(/^\S.*\.$/);
});

test('whoever is in quarantine already is not planned again', () => {
  const deny = plan().edits[1]?.after ?? null;
  const keys = suspicion.keys.map(({ id }) => ({ id, status: 'Inactive' as const }));
  expect(planQuarantine({ ...suspicion, keys, policy: deny }, [])).toMatchObject({ ok: false });
});
