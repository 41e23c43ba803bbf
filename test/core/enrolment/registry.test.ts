import type { Person } from '../../../core/approvals/rules.ts';
import { verifyChain } from '../../../core/audit/chain.ts';
import type { DomainEvent } from '../../../core/audit/event.ts';
import {
  type Enrolling,
  enrolled,
  enrolmentDenied,
  enrolmentRefused,
  nobodyEnrolled,
  peopleWith,
  type Registry,
} from '../../../core/enrolment/registry.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { type Instant, plusSeconds } from '../../../core/time.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const asking = (user: string, ...actors: string[]): Enrolling => ({
  team: 'T1',
  user,
  name: user.toLowerCase(),
  actors: actors as ActorId[],
  arn: `arn of ${user}`,
});
const person = (id: string, user: string, ...actors: string[]): Person => ({
  id,
  name: id,
  slack: { team: 'T1', user },
  actors: actors as ActorId[],
});
const people = [person('ana', 'U1'), person('ben', 'U2', 'actor:ben')];

function after(...steps: ((registry: Registry) => { after: Registry; events: readonly DomainEvent[] } | undefined)[]) {
  let registry = nobodyEnrolled;
  const events: DomainEvent[] = [];
  for (const step of steps) {
    const made = step(registry);
    if (made === undefined) throw new Error('this step changes nothing');
    registry = made.after;
    events.push(...made.events);
  }
  return { registry, events };
}
const adds = (it: Enrolling) => (registry: Registry) => {
  const made = enrolled(registry, it, people, noon);
  if (!made.ok) throw new Error(made.error);
  return made.value;
};
const refuses = (user: string) => (registry: Registry) =>
  enrolmentRefused(registry, { team: 'T1', user }, 'ben', plusSeconds(noon, 60));

test('somebody new is a person of their own, a day later', () => {
  const { registry } = after(adds(asking('U9', 'actor:zoe')));
  expect(peopleWith(people, registry, plusSeconds(noon, 86_399))).toEqual(people);
  expect(peopleWith(people, registry, plusSeconds(noon, 86_400)).at(-1)).toEqual({
    ...person('slack-t1-u9', 'U9', 'actor:zoe'),
    name: 'u9',
  });
});

test('somebody of the configuration keeps the id and gains the identity', () => {
  const { registry } = after(adds(asking('U1', 'actor:ana', 'actor:ana-too')));
  expect(peopleWith(people, registry, plusSeconds(noon, 86_400))[0]).toEqual(
    person('ana', 'U1', 'actor:ana', 'actor:ana-too'),
  );
});

test.each([
  ['a second identity for one Slack account', 'already-enrolled', asking('U9', 'actor:other')],
  ['a second Slack account for one identity', 'identity-taken', asking('U8', 'actor:zoe', 'actor:more')],
  ['an identity that the configuration gives to another', 'identity-taken', asking('U8', 'actor:ben')],
  ['another identity than the configuration names', 'configured-otherwise', asking('U2', 'actor:mallory')],
] as const)('%s is refused: %s', (_, refusal, it) => {
  const { registry } = after(adds(asking('U9', 'actor:zoe')));
  expect(enrolled(registry, it, people, noon)).toEqual({ ok: false, error: refusal });
});

test('what was refused never counts, and leaves room for another try', () => {
  const { registry, events } = after(adds(asking('U9', 'actor:zoe')), refuses('U9'));
  expect(peopleWith(people, registry, plusSeconds(noon, 999_999))).toEqual(people);
  expect(enrolmentRefused(registry, { team: 'T1', user: 'U9' }, 'ben', noon)).toBeUndefined();
  expect(enrolled(registry, asking('U9', 'actor:zoe'), people, noon).ok).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(['enrolment.asked', 'enrolment.refused']);
});

test('who gave an identity up signs with it no more, and still may not decide for it', () => {
  const late = plusSeconds(noon, 90_000);
  const asked = after(adds(asking('U1', 'actor:ana')));
  const { after: registry } = enrolmentRefused(asked.registry, { team: 'T1', user: 'U1' }, 'ana', late)!;
  expect(peopleWith(people, registry, late)[0]).toEqual({ ...person('ana', 'U1'), former: ['actor:ana'] });
  const again = enrolled(registry, asking('U1', 'actor:new'), people, late);
  expect(again.ok && peopleWith(people, again.value.after, late)[0]?.former).toEqual(['actor:ana']);
});

test('every step, refusals too, is one link of one chain', () => {
  const denied = (registry: Registry) => enrolmentDenied(registry, asking('U8', 'actor:zoe'), 'identity-taken', noon);
  const { registry, events } = after(adds(asking('U9', 'actor:zoe')), denied, refuses('U9'));
  expect(registry.version).toBe(3);
  expect(verifyChain(events, registry.audit)).toEqual([]);
});
