import fc from 'fast-check';
import { callerOf } from '../../../core/identity/caller.ts';
import type { AccountId } from '../../../core/identity/principal.ts';
import { instantAt } from '../../../core/time.ts';
import type { MappedActions } from '../../../core/usage/actions/actions-of.ts';
import { trustClasses, type UsageEvent } from '../../../core/usage/event.ts';

const start = Date.parse('2025-01-01T00:00:00Z') / 1000;
const day = 86_400;

const callerNamed = (name: string) =>
  callerOf(
    {
      type: 'IAMUser',
      principalId: `AIDA${name.toUpperCase().padEnd(17, 'X')}`,
      arn: `arn:aws:iam::111122223333:user/${name}`,
    },
    's3.amazonaws.com',
  );
const callers = { alice: callerNamed('alice'), bob: callerNamed('bob') };

interface Constraints {
  /** Different networks and resources. */
  values?: number;
  days?: fc.Arbitrary<number>;
}

const anyDay = fc.oneof(fc.constantFrom(0, 44, 45, 46, 89, 90, 91, 399, 400, 401, 445), fc.nat(480));
/** So few that the same caller comes from the same place all the time. */
export const twoDays = fc.nat(1);

/** Few callers, actions and ids over sixteen months, so that joins, ties and returns happen all the time. */
export const events = ({ values = 4, days = anyDay }: Constraints = {}): fc.Arbitrary<UsageEvent[]> =>
  fc.array(event(values, days), { maxLength: 40, size: 'max' });

const event = (values: number, days: fc.Arbitrary<number>): fc.Arbitrary<UsageEvent> =>
  fc
    .record({
      caller: fc.constantFrom('alice', 'bob'),
      path: fc.constantFrom('/', '/staff/'),
      action: fc.constantFrom('GetObject', 'PutObject'),
      day: days,
      second: fc.nat(2),
      id: fc.nat(3),
      value: fc.nat(values - 1),
      outcome: fc.constantFrom('used' as const, 'used' as const, 'denied' as const),
      trust: fc.constantFrom(...trustClasses),
      historic: fc.boolean(),
    })
    .map((e) => ({
      eventID: `id-${e.id}`,
      time: instantAt(start + e.day * day + e.second),
      account: '111122223333' as AccountId,
      region: 'eu-west-1',
      source: 's3.amazonaws.com',
      name: e.action,
      kind: 'api-call' as const,
      caller: { ...callers[e.caller], arn: `arn:aws:iam::111122223333:user${e.path}${e.caller}` },
      outcome: e.outcome,
      errorCode: null,
      errorMessage: null,
      sourceAddress: `10.${e.value}.0.1`,
      userAgent: 'aws-cli/2.1',
      requestParameters: null,
      responseElements: null,
      resources: [`arn:aws:s3:::bucket-${e.value}`],
      trust: e.trust,
      historic: e.historic,
    }));

/** The name is the action: what the catalogue makes of it is not these tests' business. */
export const actionsOf = (event: UsageEvent): MappedActions => ({
  actions: [{ action: `s3:${event.name}`, resources: event.resources, certain: true }],
  unmapped: false,
});

export const signalsOf = (event: UsageEvent): readonly string[] => (event.name === 'PutObject' ? ['always-alert'] : []);
