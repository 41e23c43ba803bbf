import { readFileSync } from 'node:fs';
import { assess } from '../../../core/anomaly/assess.ts';
import { type Facts, names } from '../../../core/anomaly/facts.ts';
import { modelOf } from '../../../core/anomaly/model.ts';
import { patterns } from '../../../core/anomaly/patterns/patterns.ts';
import { defaultWeights } from '../../../core/anomaly/weights.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { type Instant, plusSeconds } from '../../../core/time.ts';
import type { UsageEvent } from '../../../core/usage/event.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { createLedger } from '../../../core/usage/ledger.ts';
import { eventOf, ledgerOptions, minutes, type Told, today } from './ledger-of.ts';

interface Deed extends Pick<Told, 'does' | 'from' | 'denied' | 'mfa'> {
  minute?: number;
  key?: string;
  session?: string;
  /** Secrets, by name. */
  on?: string[];
  role?: string;
}

interface PatternCase {
  id: string;
  history: Deed & { days: number };
  events: Deed[];
  removed?: { actions: string[]; at: Instant }[];
  lent?: { actions: string[]; endedAt: Instant }[];
  assumers?: { actor: string; day: string }[];
  patterns: string[];
}

const { cases } = JSON.parse(readFileSync(new URL('../../cases/patterns.json', import.meta.url), 'utf8')) as {
  cases: PatternCase[];
};

const userOf = (name: string) => `arn:aws:iam::111122223333:user/${name}` as ActorId;

function deedOf(deed: Deed, at: string, historic: boolean): UsageEvent {
  const event = eventOf({ ...deed, at, historic });
  const { key, session, role, on = [] } = deed;
  return {
    ...event,
    caller: { ...event.caller, accessKeyId: key ?? event.caller.accessKeyId, session: session ?? null },
    resources: on.map((name) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`),
    ...(role !== undefined && { requestParameters: { roleArn: role } }),
  };
}

/** The deed's resources are those that it names. */
const options = {
  ...ledgerOptions,
  resources: true,
  actionsOf(event: UsageEvent) {
    const { actions, unmapped } = ledgerOptions.actionsOf(event);
    return { actions: actions.map((each) => ({ ...each, resources: event.resources })), unmapped };
  },
};

const eventsOf = ({ history, events }: PatternCase): UsageEvent[] => [
  ...Array.from({ length: history.days }, (_, n) =>
    deedOf(history, plusSeconds(today, (n - history.days) * 86_400), true),
  ),
  ...events.map((deed, n) => deedOf(deed, minutes(deed.minute ?? n), false)),
];

function fold(events: readonly UsageEvent[]): readonly LedgerItem[] {
  const ledger = createLedger(options);
  for (const event of events) ledger.add(event);
  return ledger.items();
}

const factsOf = ({ removed = [], lent = [], assumers = [], events }: PatternCase): Facts => ({
  removed: removed.map((each) => ({ ...each, change: 'chg-1' })),
  lent: lent.map((each) => ({ ...each, change: 'chg-2' })),
  assumers: new Map(
    events.flatMap(({ role }) =>
      role === undefined
        ? []
        : [[role, assumers.map(({ actor, day }) => ({ actor: userOf(actor), first: `${day}T09:00:00Z` as Instant }))]],
    ),
  ),
});

/** Every session is a case, so that what a small one holds is seen too. */
const all = modelOf({ thresholds: { digest: 0 } });
const named = new Set([...patterns.map(({ kind }) => kind), 'denied-spread', 'secret-spread', 'new-resource']);

const seenIn = (items: readonly LedgerItem[], facts: Facts): string[] =>
  [...new Set(assess(items, [], all, facts).flatMap(({ reasons }) => reasons.map(({ kind }) => kind)))]
    .filter((kind) => named.has(kind))
    .sort();

test.each(cases)('$id shows $patterns', (it) => {
  expect(seenIn(fold(eventsOf(it)), factsOf(it))).toEqual(it.patterns);
});

test.each(cases)('$id is the same in any order, twice over, and with its beginning last', (it) => {
  const events = eventsOf(it);
  const facts = factsOf(it);
  const once = assess(fold(events), [], all, facts);
  const shuffled = [...events].sort((a, b) => (a.eventID.slice(-2) < b.eventID.slice(-2) ? 1 : -1));
  expect(assess(fold([...shuffled, ...events]), [], all, facts)).toEqual(once);
  expect(assess(fold([...events.slice(5), ...events.slice(0, 5)]), [], all, facts)).toEqual(once);
});

test('every pattern has a case that shows it, and a weight that reaches the digest or adds to it', () => {
  const shown = new Set(cases.flatMap((it) => it.patterns));
  for (const { kind } of patterns) {
    expect(shown).toContain(kind);
    expect(defaultWeights.patterns[kind]!.points).toBeGreaterThan(0);
  }
});

test('each pattern counts once a session, and says in words what it saw', () => {
  const it = cases.find(({ id }) => id === 'what-was-taken-away-is-back')!;
  const twice = { ...it, events: [...it.events, { does: 'kms:ScheduleKeyDeletion' }] };
  const [seen] = assess(fold(eventsOf(twice)), [], all, factsOf(twice));
  const told = seen!.reasons.filter(({ kind }) => kind === 'regrowth');
  expect(told).toHaveLength(1);
  expect(told[0]!.words).toBe(
    'alice used rds:DeleteDBInstance, which was taken away on 2026-02-01 and is back (chg-1)',
  );
});

test('a rule in shadow tells nobody, counts for nothing, and is counted', () => {
  const it = cases.find(({ id }) => id === 'doors-of-three-services-are-tried')!;
  const items = fold(
    eventsOf({
      ...it,
      events: [{ does: 'sts:GetCallerIdentity', from: '198.51.100.9' }],
      history: { ...it.history, mfa: false },
    }),
  );
  expect(assess(items, []).map(({ level }) => level)).toEqual(['digest']);
  const [quiet, ...others] = assess(items, [], modelOf({ shadow: { 'service-elsewhere': 1 } }));
  expect(others).toEqual([]);
  expect(quiet).toMatchObject({ level: 'shadow', shadow: { rules: ['service-elsewhere'], level: 'digest' } });
  expect(quiet!.reasons.map(({ kind }) => kind)).not.toContain('service-elsewhere');
});

test('what is always told cannot be put into the shadow', () => {
  expect(() => modelOf({ shadow: { 'no-such-rule': 1 } })).toThrow('no-such-rule');
  const items = fold([deedOf({ does: 'cloudtrail:StopLogging' }, today, false)]);
  expect(assess(items, [], modelOf({ shadow: { 'always-alert': 1 } }))[0]?.level).toBe('message');
});

test.each([
  ['s3:*', 's3:GetObject', true],
  ['s3:Get*Acl', 's3:GetObjectAcl', true],
  ['s3:Get*Acl', 's3:GetObject', false],
  ['S3:getobject', 's3:GetObject', true],
  ['s3:Get', 's3:GetObject', false],
  ['*', 's3:GetObject', true],
])('%s names %s: %s', (pattern, action, expected) => expect(names([pattern], action)).toBe(expected));
