import type { CaseId } from '../../../core/anomaly/case.ts';
import type { ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { Day, Instant } from '../../../core/time.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { sampleCase } from '../../adapters/slack/samples.ts';
import { allow, evidence, item, policy, type RoleSketch, roleArn } from './world.ts';

const at = (time: string) => time as Instant;
const run = 'ec2:RunInstances';
const stop = 'ec2:StopInstances';
const action = (name: string) => ({ kind: 'action' as const, action: name });

/** A case about the one day of the sketched role's use: it stopped instances for the first time. */
const told = (over: Parameters<typeof sampleCase>[0] = {}) =>
  sampleCase({
    id: 'c1' as CaseId,
    actor: roleArn('ci') as ActorId,
    from: at('2026-10-01T10:00:00Z'),
    to: at('2026-10-01T10:00:00Z'),
    first: [action(stop)],
    eventIDs: [`ci-${stop}`],
    reasons: [],
    ...over,
  });
const notUs = (over: Parameters<typeof sampleCase>[0] = {}) =>
  told({ state: 'not-us', decidedBy: 'ben', decidedAt: at('2026-10-01T11:00:00Z'), ...over });

const ci: RoleSketch = {
  name: 'ci',
  inline: { own: policy(allow([run, stop, 'ec2:TerminateInstances'])) },
  used: [run, stop],
};
const usage = (...more: LedgerItem[]) =>
  new Map([[roleArn('ci'), [...[run, stop, 'ec2:DescribeRegions'].map((each) => item('ci', each)), ...more]]]);

function outcome(cases: readonly ReturnType<typeof told>[], items = usage()) {
  const [judged] = rightsize(evidence([ci], { cases, usage: items }));
  if (judged?.status !== 'proposed') throw new Error(`nothing is proposed: ${judged?.status}`);
  return { removed: judged.removed, stays: judged.kept.find((entry) => entry.action === stop)?.why, judged };
}

/** The item with its first use at another time, and the days that go with it. */
const usedFrom = (it: LedgerItem, time: string, ...later: string[]): LedgerItem => {
  const entry = it.entries.get('')!;
  const days = [time.slice(0, 10), ...later] as Day[];
  const first = { ...entry.first, time: at(time) };
  return { ...it, entries: new Map([['', { ...entry, first, days, last: days.at(-1)! }]]) };
};

describe('what cases tell', () => {
  test('that was called "not us" keeps no permission', () => {
    expect(outcome([]).stays).toBe('used');
    expect(outcome([notUs()]).removed).toEqual([stop, 'ec2:TerminateInstances']);
    expect(outcome([notUs({ level: 'digest' })]).removed).toContain(stop);
    expect(outcome([notUs()]).judged.proof).toEqual({ used: 1, allowed: 1, newAccess: 0 });
  });

  test('settles nothing while a case of a message is open: the action stays, and the reason is said', () => {
    const { removed, stays, judged } = outcome([told()]);
    expect(removed).toEqual(['ec2:TerminateInstances']);
    expect(stays).toBe('open-case');
    expect(judged.plan!.terms).toMatchObject({ kept: [run, `${stop} (open-case)`] });
  });

  test.each([
    ['expected', told({ state: 'expected', decidedAt: at('2026-10-01T11:00:00Z') })],
    ['superseded', told({ state: 'superseded' })],
    ['open in the daily digest', told({ level: 'digest' })],
  ])('is use when it is %s', (_, theCase) => {
    expect(outcome([theCase]).stays).toBe('used');
  });

  test('is use when the actor had used it before the case began', () => {
    const items = usage(usedFrom(item('ci', stop), '2026-09-30T23:59:59Z', '2026-10-01'));
    expect(outcome([notUs()], items).stays).toBe('used');
    expect(outcome([told()], items).stays).toBe('used');
  });

  test('settles nothing where use goes on after "not us", until people say "expected" of that action', () => {
    const items = new Map([
      [roleArn('ci'), [item('ci', run), usedFrom(item('ci', stop), '2026-10-01T10:00:00Z', '2026-10-20')]],
    ]);
    expect(outcome([notUs()], items).stays).toBe('open-case');
    const later = (decidedAt: string, facet = stop) =>
      told({
        id: 'c2' as CaseId,
        state: 'expected',
        from: at('2026-10-20T08:00:00Z'),
        to: at('2026-10-20T08:00:00Z'),
        first: [action(facet)],
        eventIDs: ['e9'],
        decidedAt: at(decidedAt),
      });
    expect(outcome([notUs(), later('2026-10-20T09:00:00Z')], items).stays).toBe('used');
    expect(outcome([notUs(), later('2026-10-01T10:30:00Z')], items).stays).toBe('open-case');
    expect(outcome([notUs(), later('2026-10-20T09:00:00Z', run)], items).stays).toBe('open-case');
    const asked = { ...later('2026-10-20T09:00:00Z'), state: 'open' as const, decidedAt: null };
    expect(outcome([notUs(), asked], items).stays).toBe('open-case');
  });

  test('says nothing about another actor of the same principal, nor about a first use at another time', () => {
    const ann = { ...item('ci', stop), actor: 'federated:store/ann' as ActorId };
    expect(outcome([notUs()], usage(ann)).stays).toBe('used');
    expect(outcome([notUs(), told({ actor: ann.actor })], usage(ann)).stays).toBe('open-case');
    expect(outcome([notUs({ to: at('2026-10-01T09:59:59Z'), from: at('2026-10-01T09:00:00Z') })]).stays).toBe('used');
  });

  test('counts by its events too, and where it was too long to list them, by its time', () => {
    expect(outcome([notUs({ first: [] })]).removed).toContain(stop);
    expect(outcome([notUs({ first: [], eventIDs: ['e1'] })]).stays).toBe('used');
    const many = Array.from({ length: 200 }, (_, n) => `e${n}`);
    expect(outcome([notUs({ first: [], eventIDs: many })]).removed).toContain(stop);
  });

  test('covers what the log shows by ARN alone, and that a resource was missing', () => {
    const byArn = { ...item('ci', stop), principal: roleArn('ci') as PrincipalId };
    expect(outcome([notUs()], usage(byArn, item('ci', stop, 'not-found'))).removed).toContain(stop);
  });

  test('of an action that the catalogue does not know holds its service up only while it is open', () => {
    const unknown = item('ci', 'unmapped:ec2.amazonaws.com/NewThing');
    const about = { first: [action(unknown.action!)], eventIDs: [`ci-${unknown.action}`] };
    const stays = (cases: readonly ReturnType<typeof told>[]) => {
      const [judged] = rightsize(evidence([ci], { cases, usage: usage(unknown) }));
      return judged?.kept.some(({ why }) => why === 'unmapped-use');
    };
    expect(stays([told(about)])).toBe(true);
    expect(stays([notUs(about)])).toBe(false);
  });
});
