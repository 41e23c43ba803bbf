import type { Reason } from '../anomaly/case.ts';
import { iamNameOf } from '../identity/iam-arn.ts';
import {
  actionIn,
  attacksIn,
  decidingOf,
  type Finding,
  type Gravity,
  gravityOf,
  tactics,
  titleOf,
} from './deciding.ts';

/** Version of the schema that is written. */
export const ocsfVersion = '1.5.0';

/** What of a case one finding tells: its deciding evidence, not all of it. */
const most = { evidences: 20, attacks: 20 } as const;

/** OCSF's numbers. */
const classUid = 2004;
const severities: Readonly<Record<Gravity, { severity_id: number; severity: string }>> = {
  low: { severity_id: 2, severity: 'Low' },
  high: { severity_id: 4, severity: 'High' },
  critical: { severity_id: 5, severity: 'Critical' },
};
const activities = { create: 1, update: 2, close: 3 } as const;
const statuses = {
  open: { status_id: 1, status: 'New' },
  expected: { status_id: 3, status: 'Suppressed' },
  'not-us': { status_id: 2, status: 'In Progress' },
  superseded: { status_id: 4, status: 'Resolved' },
} as const;

/** What happened to the case. */
export type Activity = keyof typeof activities;

/** A case as a Detection Finding of OCSF, ready for JSON. Times are in milliseconds. */
export function ocsfOf(finding: Finding, activity: Activity): Readonly<Record<string, unknown>> {
  const { id, actor, level, score, from, to, accounts, arns, principal, state = 'open' } = finding;
  const activity_id = activities[activity];
  return {
    activity_id,
    category_uid: 2,
    class_uid: classUid,
    type_uid: classUid * 100 + activity_id,
    time: Date.parse(to),
    start_time: Date.parse(from),
    end_time: Date.parse(to),
    ...severities[gravityOf(finding)],
    ...statuses[state],
    is_alert: level === 'message',
    message: titleOf(finding),
    metadata: {
      version: ocsfVersion,
      profiles: ['cloud'],
      product: { name: 'Leastwise', vendor_name: 'Leastwise' },
    },
    cloud: { provider: 'AWS', ...(accounts[0] !== undefined && { account: { uid: accounts[0], type_id: 10 } }) },
    finding_info: {
      uid: id,
      title: titleOf(finding),
      desc: decidingOf(finding, 5)
        .map(({ words }) => words)
        .join('; '),
      first_seen_time: Date.parse(from),
      last_seen_time: Date.parse(to),
      types: [level],
      analytic: { name: 'first use of a permission', type_id: 2, type: 'Behavioral' },
      attacks: attacksIn(finding).slice(0, most.attacks).map(attackOf),
    },
    risk_score: Math.round(score),
    resources: [...new Set([...arns, ...(arns.length === 0 ? [principal] : [])])].map((uid) => ({
      uid,
      name: iamNameOf(uid),
      type: uid.includes(':user/') ? 'AWS::IAM::User' : uid.includes(':role/') ? 'AWS::IAM::Role' : 'identity',
    })),
    actor: { user: { uid: actor, name: iamNameOf(actor) } },
    evidences: decidingOf(finding, most.evidences).map(evidenceOf),
    unmapped: { leastwise: { score, eventIDs: finding.eventIDs } },
  };
}

/** A sub-technique stands beside its technique. */
function attackOf({ tactic, technique }: ReturnType<typeof attacksIn>[number]) {
  const parent = technique.split('.', 1)[0]!;
  return {
    tactic: tactics[tactic],
    technique: { uid: parent },
    ...(parent !== technique && { sub_technique: { uid: technique } }),
  };
}

function evidenceOf(reason: Reason) {
  const { time, eventID, points, kind, words, facet } = reason;
  const action = actionIn(reason);
  const colon = action?.indexOf(':') ?? -1;
  return {
    ...(action !== undefined &&
      colon > 0 && { api: { operation: action.slice(colon + 1), service: { name: action.slice(0, colon) } } }),
    data: { time, eventID, points, kind, words, ...(facet.value !== undefined && { value: facet.value }) },
  };
}
