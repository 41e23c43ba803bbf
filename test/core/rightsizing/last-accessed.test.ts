import type { ResourcePolicy } from '../../../core/identity/resource-policy.ts';
import type { LastAccessed } from '../../../core/rightsizing/last-accessed.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { Instant } from '../../../core/time.ts';
import { allow, evidence, policy, roleArn } from './world.ts';

// The window of the world ends with 2026-11-18.
const inTime = '2026-11-19T04:00:00Z' as Instant;
const touchedBefore = '2026-01-01T00:00:00Z' as Instant;

const report = (
  services: Record<string, Instant | null>,
  more: { at?: Instant; regions?: string[] } = {},
): LastAccessed => ({
  regions: more.regions ?? ['eu-central-1', 'us-east-1'],
  reports: new Map([[roleArn('ci'), { completedAt: more.at ?? inTime, services: new Map(Object.entries(services)) }]]),
});
const resource = (text: string | null, more: Partial<ResourcePolicy> = {}): ResourcePolicy => ({
  arn: 'arn:aws:s3:::b',
  account: '111122223333',
  policy: text,
  grants: [],
  ...more,
});

/** What goes of actions that no trail shows, with a report and the account's resources. */
function removed(
  actions: string[],
  lastAccessed: LastAccessed | undefined,
  resources: readonly ResourcePolicy[] | undefined = [],
): readonly string[] {
  const base = evidence([
    { name: 'ci', inline: { own: policy(allow(['ec2:RunInstances', ...actions])) }, used: ['ec2:RunInstances'] },
  ]);
  const { resources: _, ...inventory } = base.inventory;
  const [judged] = rightsize({
    ...base,
    inventory: resources === undefined ? inventory : { ...inventory, resources },
    ...(lastAccessed && { lastAccessed }),
  });
  return judged?.status === 'proposed' ? judged.removed : [];
}

const data = ['s3:GetObject', 'sqs:SendMessage'];

test('a service that IAM saw nobody try throughout the window goes, though no trail shows its use', () => {
  expect(removed(data, undefined)).toEqual([]);
  expect(removed(data, report({ s3: null, sqs: null }))).toEqual(data);
  expect(removed(data, report({ s3: touchedBefore, sqs: null }))).toEqual(data);
});

test('a service that was tried inside the window stays, and so does one that IAM has no data of', () => {
  expect(removed(data, report({ s3: '2026-08-21T00:00:00Z' as Instant, sqs: null }))).toEqual(['sqs:SendMessage']);
  expect(removed(data, report({ sqs: null }))).toEqual(['sqs:SendMessage']);
});

test('a report that does not reach four hours beyond the window says nothing', () => {
  expect(removed(data, report({ s3: null, sqs: null }, { at: '2026-11-19T03:59:59Z' as Instant }))).toEqual([]);
});

test('a report that begins after the window says nothing', () => {
  expect(removed(data, report({ s3: null, sqs: null }, { at: '2027-09-26T00:00:00Z' as Instant }))).toEqual([]);
  expect(removed(data, report({ s3: null, sqs: null }, { at: '2027-09-25T00:00:00Z' as Instant }))).toEqual(data);
});

test('an enabled region that IAM does not track, or not knowing the regions, says nothing', () => {
  expect(removed(data, report({ s3: null, sqs: null }, { regions: ['us-east-1', 'xx-new-1'] }))).toEqual([]);
  expect(removed(data, report({ s3: null, sqs: null }, { regions: [] }))).toEqual([]);
});

test.each([
  ['names its ARN', resource(`{"Principal":{"AWS":"${roleArn('ci')}"}}`)],
  ['names its unique id', resource('{"Condition":{"StringLike":{"aws:userId":"AROAci:*"}}}')],
  ['names its sessions', resource('{"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/ci/job"}}')],
  ['cannot be read', resource(null, { isUnread: true })],
])('where a resource policy %s, nothing follows from a report', (_, named) => {
  expect(removed(data, report({ s3: null, sqs: null }), [named])).toEqual([]);
});

test('a resource policy that names others says nothing; not knowing them does', () => {
  const others = resource(`{"Principal":{"AWS":"${roleArn('ci-other')}"}}`);
  expect(removed(data, report({ s3: null, sqs: null }), [others])).toEqual(data);
  const unknown = report({ s3: null, sqs: null });
  const base = evidence([
    { name: 'ci', inline: { own: policy(allow(['ec2:RunInstances', ...data])) }, used: ['ec2:RunInstances'] },
  ]);
  const { resources: _, ...inventory } = base.inventory;
  expect(rightsize({ ...base, inventory, lastAccessed: unknown })[0]?.status).toBe('nothing-to-remove');
});

test('PassRole and what no call has never move', () => {
  const never = ['iam:PassRole', 'lambda:InvokeFunctionUrl'];
  expect(removed([...never, 'lambda:InvokeFunction'], report({ iam: null, lambda: null }))).toEqual([
    'lambda:InvokeFunction',
  ]);
});

test('what AWS does not know never moves', () => {
  expect(removed(['s3:GetObjectt'], report({ s3: null }))).toEqual([]);
});
