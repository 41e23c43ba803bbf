import type { Person } from '../../core/approvals/rules.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';
import { type Deps, suggestOptionsHandler } from '../../lambdas/suggest-options/handler.ts';
import {
  app,
  filledIn,
  formKey,
  pressed,
  signed,
  signingSecret,
  suggesting,
  team,
} from '../adapters/slack/requests.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const account = '111122223333';
const role = (name: string, tags: Record<string, string>, text = '{}'): Inventory['principals'][number] => ({
  type: 'role',
  id: `AROA${name}`,
  arn: `arn:aws:iam::${account}:role/${name}`,
  name,
  path: '/',
  createdAt: null,
  tags,
  trust: null,
  inline: [{ name: 'p', arn: null, text }],
  attached: [],
  boundary: null,
  groups: [],
});
const logs = JSON.stringify({ Statement: [{ Resource: ['arn:aws:s3:::logs/*', 'arn:aws:sqs:eu-west-1:1:q'] }] });
const inventory: Inventory = {
  v: 1,
  account,
  takenAt: noon,
  principals: [role('deploy', { 'leastwise:beneficiary': 'ana' }, logs), role('other', {})],
  groups: [],
  managed: new Map(),
};
const ana: Person = {
  id: 'ana',
  name: 'Ana',
  slack: { team, user: 'U1' },
  actors: [`arn:aws:iam::${account}:user/ana` as ActorId],
};

function desk(over: Partial<Deps> = {}) {
  const counts: string[] = [];
  const handler = suggestOptionsHandler({
    expected: { signingSecret, formKey, slack: { app, team } },
    configuration: { accounts: [{ id: account, name: 'test' }], people: [ana], deployment: { leaseRoles: true } },
    inventories: { read: async () => inventory },
    organizations: { read: async () => undefined },
    members: { standing: async () => 'member' },
    count: (refusal) => counts.push(refusal),
    failed: () => {},
    now: () => noon,
    ...over,
  });
  const ask = async (body: string, secret = signingSecret) => {
    const request = signed(body, noon, secret);
    const answer = await handler({ ...request, body: request.body.toString(), isBase64Encoded: false });
    const options = answer.statusCode === 200 ? JSON.parse(answer.body ?? '').options : [];
    return { status: answer.statusCode, values: options.map(({ value }: { value: string }) => value), options };
  };
  return { ask, counts };
}

test('actions are found by parts of their names, those first that begin so, a hundred at most', async () => {
  const { ask } = desk();
  expect((await ask(suggesting('actions', 'ecs updateserv'))).values[0]).toBe('ecs:UpdateService');
  const many = await ask(suggesting('actions', 'get'));
  expect(many.values).toHaveLength(100);
  expect(many.values.every((value: string) => /:Get/i.test(value))).toBe(true);
  expect((await ask(suggesting('actions', ''))).values).toEqual([]);
});

test('what can never be lent is not offered', async () => {
  const { ask } = desk();
  expect((await ask(suggesting('actions', 'iam:createuser'))).values).toEqual([]);
  expect((await ask(suggesting('actions', 'sts:assumerole'))).values).toEqual([]);
});

test('resources come from the accounts themselves, of the services that were chosen, and as they are typed', async () => {
  const { ask } = desk();
  expect((await ask(suggesting('resources', ''))).values).toEqual([
    'arn:aws:s3:::logs/*',
    'arn:aws:sqs:eu-west-1:1:q',
    '*',
  ]);
  const view = { state: { values: filledIn() } };
  expect((await ask(suggesting('resources', '', { view }))).values).toEqual(['arn:aws:s3:::logs/*', '*']);
  expect((await ask(suggesting('resources', 'arn:aws:s3:::mine/a', { view }))).values[0]).toBe('arn:aws:s3:::mine/a');
});

test('carriers are the own user, the role with the own tag, and a role of its own where these are made', async () => {
  const { ask } = desk();
  expect((await ask(suggesting('carrier', ''))).values).toEqual([
    `arn:aws:iam::${account}:user/ana`,
    `arn:aws:iam::${account}:role/deploy`,
    `account:${account}`,
  ]);
  expect((await ask(suggesting('carrier', 'deploy'))).values).toEqual([`arn:aws:iam::${account}:role/deploy`]);
});

test('somebody of a workspace of an organization is known although Slack names the organization', async () => {
  const over = { user: { id: 'U1', username: 'somebody', team_id: 'E1' }, enterprise: { id: 'E1' } };
  expect((await desk().ask(suggesting('carrier', 'deploy', { over }))).values).toHaveLength(1);
});

test('every option is as Slack takes it', async () => {
  const long = `arn:aws:s3:::${'b'.repeat(120)}`;
  const { options } = await desk().ask(suggesting('resources', long));
  expect(options[0].value).toBe(long);
  for (const { text, value } of options) {
    expect(text.text.length).toBeLessThanOrEqual(75);
    expect(value.length).toBeLessThanOrEqual(150);
  }
  const { values } = await desk().ask(suggesting('resources', `arn:aws:s3:::${'b'.repeat(200)}`));
  expect(values).toEqual(['*']);
});

test.each([
  ['somebody who is nobody here', suggesting('actions', 's3', { user: 'U9' }), {}],
  ['a guest', suggesting('actions', 's3'), { members: { standing: async () => 'guest' as const } }],
  [
    'whoever was taken out of the configuration',
    suggesting('resources', ''),
    { configuration: { accounts: [{ id: account, name: 'test' }], people: [{ ...ana, suspended: true as const }] } },
  ],
  ['a fault', suggesting('resources', ''), { inventories: { read: () => Promise.reject(new Error('away')) } }],
])('%s is offered nothing', async (_, body, over) => {
  expect(await desk(over).ask(body)).toMatchObject({ status: 200, values: [] });
});

test('what is not asked by a select of ours is refused and counted', async () => {
  const { ask, counts } = desk();
  expect((await ask(suggesting('actions', 's3'), 'another')).status).toBe(401);
  expect((await ask(suggesting('actions', 's3', { view: { private_metadata: '' } }))).status).toBe(403);
  expect((await ask(suggesting('actions', 's3', { view: { app_id: 'A2' } }))).status).toBe(403);
  expect((await ask(suggesting('reason', 's3'))).status).toBe(400);
  expect((await ask(pressed({ action: 'leastwise:change:approve', value: '{}' }))).status).toBe(400);
  expect(counts).toEqual(['wrong-signature', 'wrong-view', 'wrong-app', 'malformed', 'malformed']);
});
