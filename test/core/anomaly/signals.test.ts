import { readFileSync } from 'node:fs';
import { signalRules, signalsOf, signalsWithin } from '../../../core/anomaly/signals/signals.ts';
import { defaultWeights } from '../../../core/anomaly/weights.ts';
import type { AccountId, ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import type { Instant } from '../../../core/time.ts';
import type { Outcome, UsageEvent } from '../../../core/usage/event.ts';

interface SignalCase {
  id: string;
  name: string;
  source: string;
  kind?: UsageEvent['kind'];
  actions?: string[];
  outcome?: Outcome;
  arn?: string;
  mfa?: boolean;
  parameters: unknown;
  signals: string[];
}

const { cases } = JSON.parse(readFileSync(new URL('../../cases/signals.json', import.meta.url), 'utf8')) as {
  cases: SignalCase[];
};

const account = '111122223333' as AccountId;

function eventOf(it: SignalCase): UsageEvent {
  const arn = it.arn ?? 'arn:aws:iam::111122223333:user/alice';
  return {
    eventID: it.id,
    time: '2026-03-02T09:00:00Z' as Instant,
    account,
    region: 'eu-west-1',
    source: it.source,
    name: it.name,
    kind: it.kind ?? 'api-call',
    caller: {
      principal: 'AIDAEXAMPLEALICE0001' as PrincipalId,
      arn,
      actor: arn as ActorId,
      account,
      session: null,
      invokedBy: null,
      accessKeyId: null,
      mfa: it.mfa ?? null,
      federated: false,
      isService: false,
    },
    outcome: it.outcome ?? 'used',
    errorCode: null,
    errorMessage: null,
    sourceAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.0',
    requestParameters: it.parameters,
    responseElements: null,
    resources: [],
    trust: 'fast-lane',
    historic: false,
  };
}

test.each(cases)('$id gives $signals', (it) => {
  expect(signalsOf(eventOf(it), it.actions ?? [])).toEqual(it.signals);
});

test('every rule has a case that it matches, and a weight', () => {
  const told = new Set(cases.flatMap((it) => it.signals));
  for (const { kind } of signalRules) {
    expect(told).toContain(kind);
    expect(Object.keys(defaultWeights.signals)).toContain(kind);
  }
});

test.each([
  ['one of the organization', ['222222222222'], ['sibling-account']],
  ['one of the organization and a stranger', ['222222222222', '444455556666'], ['external-account']],
  ['a stranger', ['444455556666'], ['external-account']],
])(
  'access for %s is told for what it is, where the accounts of the organization are known',
  (_who, given, expected) => {
    const it = {
      id: 'shared',
      name: 'ModifySnapshotAttribute',
      source: 'ec2.amazonaws.com',
      parameters: { createVolumePermission: { add: { items: given.map((userId) => ({ userId })) } } },
      signals: [],
    };
    expect(signalsWithin(['222222222222'])(eventOf(it), [])).toEqual(expected);
    expect(signalsWithin([])(eventOf(it), [])).toEqual(['external-account']);
  },
);

test('parameters that are nested without end are followed only so far', () => {
  let deep: unknown = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
  for (let level = 0; level < 10_000; level++) deep = { deep };
  const it = { id: 'deep', name: 'PutBucketPolicy', source: 's3.amazonaws.com', parameters: deep, signals: [] };
  expect(signalsOf(eventOf(it), [])).toEqual([]);
});
