/** What a reviewer asks for, in the order of the report. */
export const sections = ['approvals', 'grants', 'revocations', 'removals', 'refusals', 'switches'] as const;

export type Section = (typeof sections)[number];

export const titles: Readonly<Record<Section, string>> = {
  approvals: 'Approvals and denials',
  grants: 'Grants: access that was given',
  revocations: 'Revocations: lent access that was taken back',
  removals: 'Removals: permissions that were taken away',
  refusals: 'Refused: what was tried and did not count',
  switches: 'Switches over everything',
};

/** Events that stand in the report, each with its words. Others are steps between these and say nothing of their own. */
const told: Readonly<Record<string, readonly [Section, string]>> = {
  'change.approved': ['approvals', 'approved'],
  'change.approval-recorded': ['approvals', 'approved, and somebody else has to as well'],
  'change.denied': ['approvals', 'denied'],
  'change.undo-approved': ['approvals', 'approved lifting it'],
  'change.undo-approval-recorded': ['approvals', 'approved lifting it, and somebody else has to as well'],
  'change.undo-denied': ['approvals', 'denied lifting it'],
  'case.expected': ['approvals', 'answered: expected'],
  'case.answer-recorded': ['approvals', 'answered: expected, and somebody else has to as well'],
  'case.not-us': ['approvals', 'answered: not us'],
  'case.muted': ['approvals', 'muted for days'],
  'lease.active': ['grants', 'access lent, and read back'],
  'change.undone': ['grants', 'permissions given back as they were, and read back'],
  'lease.revoking': ['revocations', 'revocation begun'],
  'lease.revoke-failed': ['revocations', 'an attempt failed, and is repeated'],
  'lease.revoked': ['revocations', 'access gone, and read back'],
  'lease.revoke-stuck': ['revocations', 'attempts go on failing, and are repeated'],
  'lease.verified': ['revocations', 'access computed anew, without it'],
  'lease.residue': ['revocations', 'looked at what was made under it'],
  'lease.residue-accepted': ['revocations', 'somebody answers for what was made under it'],
  'lease.removed-again': ['revocations', 'put back by somebody, and removed again'],
  'change.refused': ['refusals', 'not carried out'],
  'change.held': ['refusals', 'stopped half way, to go on later'],
  'change.lapsed': ['refusals', 'nobody decided in time'],
  'change.undo-lapsed': ['refusals', 'nobody decided in time about lifting it'],
  'change.undo-refused': ['refusals', 'not lifted'],
  'change.undo-asking-refused': ['refusals', 'asked to lift it, refused'],
  'change.decision-refused': ['refusals', 'decision refused'],
  'case.answer-refused': ['refusals', 'answer refused'],
  'case.lending-refused': ['refusals', 'asked to lend it instead, refused'],
  'lease.end-refused': ['refusals', 'asked to end it, refused'],
  'settings.refused': ['refusals', 'switch refused'],
  'settings.applying-on': ['switches', 'applying switched on'],
  'settings.applying-off': ['switches', 'applying switched off'],
  'settings.killed': ['switches', 'everything stopped'],
  'settings.revived': ['switches', 'everything goes on'],
};

/** Where an event stands; undefined: nowhere. `kind` is that of the change. */
export function sectionOf(type: string, kind: unknown): readonly [Section, string] | undefined {
  // What becomes of lent access is told by its lease, and undoing it gives nobody anything.
  if (kind === 'lending' && (type === 'change.verified' || type === 'change.undone')) return undefined;
  if (type === 'change.verified')
    return ['removals', kind === 'quarantine' ? 'quarantined, and read back' : 'permissions removed, and read back'];
  return Object.hasOwn(told, type) ? told[type] : undefined;
}

export interface Control {
  framework: string;
  control: string;
  title: string;
  sections: readonly Section[];
  /** Where its text was read. */
  source: string;
}

/** Which records a reviewer may hold against which control. Whether they suffice is the reviewer's to say. */
export const controls: readonly Control[] = [
  {
    framework: 'SOC 2 (Trust Services Criteria)',
    control: 'CC6.3',
    title: 'access authorized, modified or removed, by least privilege and segregation of duties',
    sections: ['approvals', 'grants', 'revocations', 'removals'],
    source: 'https://www.auditfront.com/frameworks/soc-2/common-criteria/cc6-3',
  },
  {
    framework: 'ISO/IEC 27001:2022',
    control: 'A.5.18',
    title: 'access rights',
    sections: ['approvals', 'grants', 'revocations', 'removals'],
    source: 'https://www.isms.online/iso-27001/annex-a/5-18-access-rights-2022',
  },
  {
    framework: 'ISO/IEC 27001:2022',
    control: 'A.8.2',
    title: 'privileged access rights',
    sections: ['approvals', 'grants', 'revocations'],
    source: 'https://www.isms.online/iso-27001/annex-a/8-2-use-of-privileged-access-rights-2022',
  },
  {
    framework: 'PCI DSS v4.0.1',
    control: '7.2.3',
    title: 'privileges approved by authorized personnel',
    sections: ['approvals', 'grants'],
    source: 'https://withpci.com/requirements/7/7.2/7.2.3.html',
  },
];
