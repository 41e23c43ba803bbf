import { signalsOf } from '../../../core/anomaly/signals/signals.ts';
import type { AccountId, ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import { type Instant, plusSeconds } from '../../../core/time.ts';
import type { UsageEvent } from '../../../core/usage/event.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { createLedger } from '../../../core/usage/ledger.ts';

/** What a test says of an event; the rest is alice at her desk. */
export interface Told {
  id?: string;
  at: string;
  /** `service:Action`; it is the event's only action. */
  does: string;
  who?: string;
  principal?: string;
  from?: string;
  region?: string;
  agent?: string;
  denied?: boolean;
  historic?: boolean;
  forwarded?: boolean;
  mfa?: boolean;
  parameters?: unknown;
  arn?: string;
}

let count = 0;

/** The event as the parser would give it. */
export function eventOf(told: Told): UsageEvent {
  const [service, name = ''] = told.does.split(':');
  const who = told.who ?? 'alice';
  const arn = told.arn ?? `arn:aws:iam::111122223333:user/${who}`;
  count += 1;
  return {
    eventID: told.id ?? `event-${String(count).padStart(6, '0')}`,
    time: told.at as Instant,
    account: '111122223333' as AccountId,
    region: told.region ?? 'eu-west-1',
    source: `${service}.amazonaws.com`,
    name,
    kind: 'api-call',
    caller: {
      principal: (told.principal ?? `AIDA${who.toUpperCase().padEnd(16, '0')}`) as PrincipalId,
      arn,
      actor: arn as ActorId,
      account: '111122223333' as AccountId,
      session: null,
      invokedBy: told.forwarded ? 'cloudformation.amazonaws.com' : null,
      accessKeyId: 'AKIAEXAMPLE',
      mfa: told.mfa ?? null,
      federated: false,
      isService: false,
    },
    outcome: told.denied ? 'denied' : 'used',
    errorCode: told.denied ? 'AccessDenied' : null,
    errorMessage: null,
    sourceAddress: told.from ?? '203.0.113.7',
    userAgent: told.agent ?? 'aws-cli/2.0',
    requestParameters: told.parameters ?? null,
    responseElements: null,
    resources: [],
    trust: 'fast-lane',
    historic: told.historic ?? false,
  };
}

/** The action is the one that the event names: mapping it is not these tests' business. */
export const ledgerOptions = {
  key: 'test',
  resources: false,
  actionsOf: (event: UsageEvent) => ({
    actions: [{ action: `${event.source.split('.')[0]}:${event.name}`, resources: [], certain: true }],
    unmapped: false,
  }),
  signalsOf,
};

/** The ledger that the events amount to. */
export function ledgerOf(events: readonly UsageEvent[]): readonly LedgerItem[] {
  const ledger = createLedger(ledgerOptions);
  for (const event of events) ledger.add(event);
  return ledger.items();
}

export const tell = (...told: readonly Told[]): readonly LedgerItem[] => ledgerOf(told.map(eventOf));

/** Alice was first seen months before, so that she is nobody new. */
export const known: Told = { id: 'hello', at: '2026-01-05T09:00:00Z', does: 's3:ListAllMyBuckets', historic: true };

/** The day on which the tests' stories happen. */
export const today = '2026-03-02T09:00:00Z' as Instant;
export const minutes = (count: number): Instant => plusSeconds(today, count * 60);
