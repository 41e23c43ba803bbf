import type { Case, CaseId, Verdict } from '../../core/anomaly/case.ts';
import { append } from '../../core/audit/chain.ts';
import { type AggregateType, type AuditHead, type DomainEvent, genesis } from '../../core/audit/event.ts';
import type { Change, ChangeId } from '../../core/changes/change.ts';
import type { Settings } from '../../core/changes/settings.ts';
import type { Inventory } from '../../core/identity/inventory.ts';
import type { AccountId, ActorId, PrincipalId } from '../../core/identity/principal.ts';
import type { Lease, LeaseId } from '../../core/leases/lease.ts';
import type { Day, Instant } from '../../core/time.ts';
import type { Entry, FirstUse, LedgerItem } from '../../core/usage/item.ts';
import type { LineageChild, LineageEdge } from '../../core/usage/lineage.ts';

export const instant = (text: string) => text as Instant;
export const day = (text: string) => text as Day;
export const account = '111122223333' as AccountId;
export const actor = 'arn:aws:iam::111122223333:role/build' as ActorId;
export const principal = 'AROAEXAMPLEBUILD00001' as PrincipalId;
const noon = instant('2026-03-01T12:00:00Z');

export const firstUse = (over: Partial<FirstUse> = {}): FirstUse => ({
  time: noon,
  eventID: '00000000-0000-4000-8000-000000000001',
  account,
  region: 'eu-central-1',
  action: 's3:GetObject',
  network: '198.51.100.0/24',
  agent: 'aws-cli',
  mfa: null,
  federated: false,
  forwarded: false,
  accessKeyId: 'ASIAEXAMPLE000000001',
  session: 'run-1',
  historic: false,
  ...over,
});

export const entry = (over: Partial<FirstUse> = {}): Entry => {
  const first = firstUse(over);
  const on = day(first.time.slice(0, 10));
  return { trust: 'fast-lane', first, last: on, days: [on], returns: [] };
};

/** An action item of one use. */
export const item = (over: Partial<LedgerItem> = {}, use: Partial<FirstUse> = {}): LedgerItem => ({
  v: 1,
  principal,
  actor,
  kind: 'action',
  action: 's3:GetObject',
  outcome: 'used',
  value: null,
  arn: actor,
  entries: new Map([['', entry(use)]]),
  overflow: false,
  ...over,
});

export const edge = (over: Partial<LineageEdge> = {}): LineageEdge => ({
  child: principal as string as LineageChild,
  kind: 'assumed-role',
  parent: {
    principal: 'AIDAEXAMPLEALICE00001' as PrincipalId,
    arn: 'arn:aws:iam::111122223333:user/alice',
    actor: 'arn:aws:iam::111122223333:user/alice' as ActorId,
    accessKeyId: 'AKIAEXAMPLE000000001',
    account,
  },
  first: { time: noon, eventID: 'e-1' },
  last: noon,
  ...over,
});

/** An event of an aggregate's chain, behind `head`. */
export const happened = (type: AggregateType, id: string, head: AuditHead = genesis, at: Instant = noon): DomainEvent =>
  append(head, { aggregate: { type, id }, type: `${type}.touched`, at, by: 'test', data: { why: 'ä?*"' } }).event;

export const aCase = (over: Partial<Case> = {}): Case => ({
  v: 1,
  version: 1,
  state: 'open',
  id: 'case-1' as CaseId,
  actor,
  principal,
  principals: [principal],
  arns: [actor],
  accounts: [account],
  level: 'message',
  score: 71.25,
  from: noon,
  to: noon,
  first: [{ kind: 'action', action: 's3:GetObject' }],
  eventIDs: ['e-1'],
  reasons: [],
  accessKeyIds: [],
  openedAt: noon,
  supersededBy: null,
  change: null,
  decidedBy: null,
  decidedAt: null,
  audit: genesis,
  ...over,
});

export const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  v: 1,
  actor,
  facet: { kind: 'action', action: 's3:GetObject' },
  verdict: 'expected',
  case: 'case-1' as CaseId,
  by: 'ada',
  at: noon,
  until: instant('2026-06-01T00:00:00Z'),
  ...over,
});

/** A policy text that only byte-for-byte storage gives back. */
const oddPolicy = '{ "Version":"2012-10-17",\n\t"Statement" : [{"Resource":"arn:aws:s3:::b%2Fx/ä\\u00e4?*"}] }';

export const aChange = (over: Partial<Change> = {}): Change => ({
  v: 1,
  id: 'change-1' as ChangeId,
  version: 1,
  state: 'planned',
  plan: {
    kind: 'quarantine',
    account,
    target: actor,
    edits: [
      {
        slot: { type: 'inline-policy', account, principal: actor, name: 'leastwise-quarantine' },
        before: null,
        after: oddPolicy,
      },
    ],
    terms: { kind: 'quarantine', case: 'case-1', actor, cutBefore: null, alsoHit: [] },
  },
  digest: 'd'.repeat(64),
  requester: null,
  beneficiary: null,
  lineage: [],
  plannedAt: noon,
  decideBy: instant('2026-03-02T12:00:00Z'),
  decisions: [],
  undo: null,
  undoDecisions: [],
  signature: null,
  undoSignature: null,
  approvedAt: null,
  appliedAt: null,
  applied: [],
  refusal: null,
  lease: null,
  audit: genesis,
  ...over,
});

export const aLease = (over: Partial<Lease> = {}): Lease => ({
  v: 2,
  id: 'lease-1' as LeaseId,
  version: 1,
  state: 'active',
  change: 'change-1',
  account,
  carrier: actor,
  beneficiary: 'ada',
  edit: aChange().plan.edits[0]!,
  startsAt: noon,
  endsAt: instant('2026-03-01T13:00:00Z'),
  generation: 1,
  attempts: 0,
  retryAt: null,
  revokeReason: null,
  revokedAt: null,
  verifiedAt: null,
  residue: [],
  accepted: [],
  audit: genesis,
  ...over,
});

export const settings = (over: Partial<Settings> = {}): Settings => ({
  v: 1,
  version: 1,
  applying: [account],
  killed: false,
  audit: genesis,
  ...over,
});

export const inventory = (over: Partial<Inventory> = {}): Inventory => ({
  v: 1,
  account,
  takenAt: noon,
  principals: [],
  groups: [],
  managed: new Map([['arn:aws:iam::aws:policy/X', { name: 'X', arn: 'arn:aws:iam::aws:policy/X', text: oddPolicy }]]),
  ...over,
});
