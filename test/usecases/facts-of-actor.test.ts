import type { Change } from '../../core/changes/change.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';
import type { LineageEdge } from '../../core/usage/lineage.ts';
import { factsOfActor } from '../../usecases/facts-of-actor.ts';
import { minutes, tell, today } from '../core/anomaly/ledger-of.ts';

const role = 'arn:aws:iam::111122223333:role/billing';
const bob = 'arn:aws:iam::111122223333:user/bob' as ActorId;
const arn = 'arn:aws:iam::111122223333:user/alice';

const items = tell({ at: today, does: 'sts:AssumeRole', parameters: { roleArn: role } });
const ofRole = tell({ at: today, does: 's3:GetObject', arn: role, principal: 'AROABILLING' });

const edge = (child: string, time: string) =>
  ({ child, kind: 'assumed-role', parent: { actor: bob }, first: { time, eventID: 'e' }, last: time }) as LineageEdge;

const deps = {
  ledger: {
    itemsOfActor: async (actor: ActorId) => (actor === (role as ActorId) ? ofRole : []),
    parentsOf: async (child: PrincipalId | string) =>
      child === 'AROABILLING' ? [edge(child, '2026-01-10T09:00:00Z'), edge(child, '2026-01-09T09:00:00Z')] : [],
  },
};

const change = (over: Partial<Change>, terms: Change['plan']['terms']) =>
  ({
    id: 'chg',
    state: 'verified',
    appliedAt: today,
    approvedAt: today,
    ...over,
    plan: { target: arn, terms },
  }) as Change;
const rightsizing = { kind: 'rightsizing', removed: ['rds:*'], kept: [], window: { from: today, to: today } } as const;
const lending = { kind: 'lending', actions: ['kms:Decrypt'], resources: ['*'], duration: 3600, reason: 'r' } as const;

test('whoever else entered a role is known by its unique id, which the role’s own rows tell', async () => {
  const { assumers } = await factsOfActor(deps, items);
  expect(assumers.get(role)).toEqual([{ actor: bob, first: '2026-01-09T09:00:00Z' }]);
});

test('what was taken away and stands, and what was lent until when, is known of the actor’s principals', async () => {
  const asked: string[] = [];
  const changes = {
    ofTarget: async (target: string) => {
      asked.push(target);
      return [
        change({}, rightsizing),
        change({ state: 'undone' }, rightsizing),
        change({ state: 'planned', appliedAt: null }, rightsizing),
        change({ state: 'undone' }, lending),
        change({ state: 'denied', approvedAt: null, appliedAt: null }, lending),
      ];
    },
  };
  expect(await factsOfActor({ ...deps, changes }, items)).toMatchObject({
    removed: [{ actions: ['rds:*'], at: today, change: 'chg' }],
    lent: [{ actions: ['kms:Decrypt'], endedAt: minutes(60) as Instant, change: 'chg' }],
  });
  expect(asked).toEqual([arn]);
});

test('history entered no role that anybody is told of', async () => {
  const before = tell({ at: today, does: 'sts:AssumeRole', parameters: { roleArn: role }, historic: true });
  expect((await factsOfActor(deps, before)).assumers.size).toBe(0);
});
