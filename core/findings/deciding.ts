import type { Assessment, Reason } from '../anomaly/case.ts';
import { alwaysTold } from '../anomaly/weights.ts';
import { techniqueOf } from '../catalogue/attack-techniques.ts';
import { privilegeClassOf, type Tactic, tacticOf } from '../catalogue/privilege-class.ts';

/** A case as far as others are told of it; what people answered where they did. */
export interface Finding extends Assessment {
  state?: 'open' | 'expected' | 'not-us' | 'superseded';
}

/** How grave a case is, for whoever sorts by it. */
export type Gravity = 'low' | 'high' | 'critical';

/** Critical is what is told whoever does it; high what is a message for another reason. */
export function gravityOf({ level, reasons }: Pick<Finding, 'level' | 'reasons'>): Gravity {
  if (level !== 'message') return 'low';
  const isToldAnyway = ({ kind, facet }: Reason): boolean =>
    kind === 'signal' && alwaysTold.has(facet.value?.split('@', 1)[0] ?? '');
  return reasons.some(isToldAnyway) ? 'critical' : 'high';
}

/** The reasons that weigh most, at most `most`: what decided. */
export const decidingOf = ({ reasons }: Pick<Finding, 'reasons'>, most: number): readonly Reason[] =>
  [...reasons].sort((a, b) => b.points - a.points || (a.time < b.time ? -1 : 1)).slice(0, most);

/** The action that a reason is about, undefined where it is about none. */
export const actionIn = ({ facet }: Reason): string | undefined => facet.action;

/** ATT&CK's tactics and techniques of a case, each once, in the order of what decided. */
export function attacksIn(finding: Pick<Finding, 'reasons'>): readonly { tactic: Tactic; technique: string }[] {
  const attacks = new Map<string, { tactic: Tactic; technique: string }>();
  for (const reason of decidingOf(finding, finding.reasons.length)) {
    const action = actionIn(reason);
    if (action === undefined) continue;
    const [tactic, technique] = [tacticOf(privilegeClassOf(action)), techniqueOf(action)];
    if (tactic !== null && technique !== null) attacks.set(`${tactic} ${technique}`, { tactic, technique });
  }
  return [...attacks.values()];
}

/** ATT&CK's ids and names of the tactics. */
export const tactics: Readonly<Record<Tactic, { uid: string; name: string }>> = {
  'initial-access': { uid: 'TA0001', name: 'Initial Access' },
  execution: { uid: 'TA0002', name: 'Execution' },
  persistence: { uid: 'TA0003', name: 'Persistence' },
  'privilege-escalation': { uid: 'TA0004', name: 'Privilege Escalation' },
  'defense-evasion': { uid: 'TA0005', name: 'Defense Evasion' },
  'credential-access': { uid: 'TA0006', name: 'Credential Access' },
  discovery: { uid: 'TA0007', name: 'Discovery' },
  exfiltration: { uid: 'TA0010', name: 'Exfiltration' },
  impact: { uid: 'TA0040', name: 'Impact' },
};

/** One line that names who did what. */
export function titleOf(finding: Pick<Finding, 'actor' | 'reasons'>): string {
  const [first] = decidingOf(finding, 1);
  return first === undefined ? `${finding.actor} did something new` : `Leastwise: ${first.words}`;
}
