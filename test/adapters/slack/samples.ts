import type { Look } from '../../../adapters/slack/render/names.ts';
import type { Case, CaseId } from '../../../core/anomaly/case.ts';
import { genesis } from '../../../core/audit/event.ts';
import type { Change, ChangeId, Plan } from '../../../core/changes/change.ts';
import { digestOf } from '../../../core/changes/digest.ts';
import type { ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import type { Lease, LeaseId } from '../../../core/leases/lease.ts';
import type { Instant } from '../../../core/time.ts';

const at = (text: string): Instant => text as Instant;
const noon = at('2026-03-01T12:00:00Z');

export const look: Look = {
  configuration: {
    accounts: [{ id: '111122223333', name: 'shop' }],
    people: [{ id: 'ana', name: 'Ana', slack: { team: 'T1', user: 'U1' }, actors: [] }],
  },
  nonceKey: 'a key of this test',
};

export const sampleCase = (over: Partial<Case> = {}): Case => ({
  v: 1,
  version: 1,
  state: 'open',
  id: 'c'.repeat(64) as CaseId,
  actor: 'arn:aws:iam::111122223333:user/dev' as ActorId,
  principal: 'AIDAEXAMPLE' as PrincipalId,
  principals: ['AIDAEXAMPLE' as PrincipalId],
  arns: ['arn:aws:iam::111122223333:user/dev'],
  accounts: ['111122223333'],
  level: 'message',
  score: 7.254,
  from: noon,
  to: noon,
  first: [{ kind: 'action', action: 'iam:CreateAccessKey' }],
  eventIDs: ['e1'],
  reasons: [
    {
      facet: { kind: 'action', action: 'iam:CreateAccessKey' },
      kind: 'first-use',
      time: noon,
      eventID: 'e1',
      points: 5,
      words: 'First use of iam:CreateAccessKey',
    },
  ],
  accessKeyIds: [],
  openedAt: noon,
  supersededBy: null,
  change: null,
  decidedBy: null,
  decidedAt: null,
  audit: genesis,
  ...over,
});

export const quarantinePlan: Plan = {
  kind: 'quarantine',
  account: '111122223333',
  target: 'arn:aws:iam::111122223333:user/dev',
  edits: [
    {
      slot: { type: 'access-key', account: '111122223333', user: 'dev', key: 'AKIAEXAMPLE' },
      before: 'Active',
      after: 'Inactive',
    },
    {
      slot: {
        type: 'inline-policy',
        account: '111122223333',
        principal: 'arn:aws:iam::111122223333:user/dev',
        name: 'leastwise-quarantine',
      },
      before: null,
      after: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
    },
  ],
  terms: {
    kind: 'quarantine',
    case: 'c'.repeat(64),
    actor: 'arn:aws:iam::111122223333:user/dev' as ActorId,
    cutBefore: null,
    alsoHit: ['arn:aws:iam::111122223333:role/ci'],
  },
};

export const rightsizingPlan: Plan = {
  kind: 'rightsizing',
  account: '111122223333',
  target: 'arn:aws:iam::111122223333:role/app',
  edits: [
    {
      slot: {
        type: 'inline-policy',
        account: '111122223333',
        principal: 'arn:aws:iam::111122223333:role/app',
        name: 'all',
      },
      before:
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}}',
      after: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}}',
    },
  ],
  terms: {
    kind: 'rightsizing',
    removed: ['s3:PutObject'],
    kept: ['s3:GetObject'],
    window: { from: at('2025-12-01T00:00:00Z'), to: at('2026-03-01T00:00:00Z') },
  },
};

/** What goes of it is denied first. */
export const trialPlan: Plan = {
  ...rightsizingPlan,
  edits: [
    ...rightsizingPlan.edits.map((edit) => ({ ...edit, after: edit.before })),
    {
      slot: {
        type: 'managed-policy',
        account: '111122223333',
        policy: 'arn:aws:iam::111122223333:policy/leastwise/trial-app-0123456789ab',
      },
      before: null,
      after:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:PutObject","route53:*"],"Resource":"*"}]}',
    },
    {
      slot: {
        type: 'attachment',
        account: '111122223333',
        principal: 'arn:aws:iam::111122223333:role/app',
        policy: 'arn:aws:iam::111122223333:policy/leastwise/trial-app-0123456789ab',
      },
      before: null,
      after: 'attached',
    },
  ],
  terms: {
    kind: 'rightsizing',
    removed: ['route53:CreateHostedZone', 's3:PutObject'],
    kept: ['s3:GetObject'],
    window: { from: at('2025-12-01T00:00:00Z'), to: at('2026-03-01T00:00:00Z') },
    stage: {
      step: 'trial',
      services: ['route53'],
      untried: ['kms:DisableKey (a resource gives it too)'],
      quietDays: 14,
    },
  },
};

export const lendingPlan: Plan = {
  kind: 'lending',
  account: '111122223333',
  target: 'arn:aws:iam::111122223333:role/ana',
  edits: [
    {
      slot: {
        type: 'inline-policy',
        account: '111122223333',
        principal: 'arn:aws:iam::111122223333:role/ana',
        name: 'leastwise-lease-l1',
      },
      before: null,
      after:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"<end>"}}}]}',
    },
  ],
  terms: {
    kind: 'lending',
    actions: ['s3:GetObject'],
    resources: ['arn:aws:s3:::logs/*'],
    duration: 5400,
    reason: 'look at the logs',
  },
};

/** A permission set instead of a policy. */
export const setPlan: Plan = {
  kind: 'lending',
  account: '111122223333',
  target: 'set:111122223333/Repair',
  edits: [
    {
      slot: {
        type: 'account-assignment',
        account: '111122223333',
        instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
        permissionSet: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
        user: 'u-ana',
      },
      before: null,
      after: 'assigned',
    },
  ],
  terms: {
    kind: 'lending',
    actions: [],
    resources: [],
    permissionSet: { name: 'Repair', session: 3600, classes: ['discovery', 'write'] },
    duration: 5400,
    reason: 'look at the logs',
  },
};

export const sampleChange = (plan: Plan = quarantinePlan, over: Partial<Change> = {}): Change => ({
  v: 1,
  id: 'change-1' as ChangeId,
  version: 1,
  state: 'planned',
  plan,
  digest: digestOf(plan),
  requester: null,
  beneficiary: plan.kind === 'lending' ? 'ana' : null,
  lineage: [],
  plannedAt: noon,
  decideBy: at('2026-03-02T12:00:00Z'),
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

export const sampleLease = (over: Partial<Lease> = {}): Lease => ({
  v: 2,
  id: 'l1' as LeaseId,
  version: 2,
  state: 'active',
  change: 'change-1',
  account: '111122223333',
  carrier: 'arn:aws:iam::111122223333:role/ana',
  beneficiary: 'ana',
  edit: lendingPlan.edits[0]!,
  startsAt: noon,
  endsAt: at('2026-03-01T13:30:00Z'),
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
